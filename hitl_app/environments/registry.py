"""All environments that are known: found by entry points, loaded when they are first asked for."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.ports import Environment, EnvironmentProvider, EnvironmentStatus

GROUP = "hitl_app.environments"


class EnvironmentRegistry:
    """Implements `Environments`. One that cannot be loaded is a status with a problem; the others work on."""

    def __init__(self, home: Path) -> None:
        """`home`: the user's folder for installed environments; need not exist."""
        self._home = home
        self._found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
        self._providers: dict[str, EnvironmentProvider] = {}
        self._open: dict[str, Environment] = {}

    def get(self, name: str) -> Environment:
        """An environment ready for `reset`, kept for the next call.

        Raises:
            EnvironmentUnavailableError: Unknown, broken, or not installed; says what to do.
        """
        if name not in self._open:
            provider = self._provider(name)
            if not provider.status(self._home).installed:
                raise EnvironmentUnavailableError(
                    f"The environment `{name}` is not installed. Run `hitl-app env install {name}`."
                )
            self._open[name] = provider.open(self._home)
        return self._open[name]

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        """All environments by name, installed or not."""
        return tuple(map(self._status, sorted(self._found)))

    def install(self, name: str, report: Callable[[str], None]) -> EnvironmentStatus:
        """Install what the environment needs; `report` receives progress, a line at a time.

        Raises:
            EnvironmentUnavailableError: Unknown, or the installation failed.
        """
        provider = self._provider(name)
        self._close(name)
        provider.install(self._home, report)
        return provider.status(self._home)

    def check(self, name: str) -> tuple[str, ...]:
        """Run the environment's self-test and say what was checked.

        Raises:
            EnvironmentUnavailableError: Unknown, or says what does not work.
        """
        return self._provider(name).check(self._home)

    def close(self) -> None:
        """Close every environment that was opened."""
        for name in list(self._open):
            self._close(name)

    def _provider(self, name: str) -> EnvironmentProvider:
        if name not in self._found:
            known = ", ".join(sorted(self._found)) or "none"
            raise EnvironmentUnavailableError(f"There is no environment `{name}`. Known: {known}.")
        if name not in self._providers:
            try:
                self._providers[name] = self._found[name].load()
            except Exception as error:  # other people's packages may fail in any way
                raise EnvironmentUnavailableError(
                    f"The environment `{name}` cannot be loaded: {type(error).__name__}: {error}. "
                    f"Reinstall the package that provides it ({self._found[name].value})."
                ) from error
        return self._providers[name]

    def _status(self, name: str) -> EnvironmentStatus:
        try:
            return self._provider(name).status(self._home)
        except EnvironmentUnavailableError as error:
            return EnvironmentStatus(name, "", installed=False, needs_install=False, problem=str(error))

    def _close(self, name: str) -> None:
        environment = self._open.pop(name, None)
        if environment is not None:
            environment.close()
