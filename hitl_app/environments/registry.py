"""All environments that are known: found by entry points, loaded when they are first asked for."""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TypeVar

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.ports import Environment, EnvironmentProvider, EnvironmentStatus, StoppableInstall
from hitl_app.environments.foreign import asked, checked, foreign
from hitl_app.environments.worker.install import remove
from hitl_app.environments.worker.pythons import find_python

GROUP = "hitl_app.environments"
OURS = "hitl-app"

T = TypeVar("T")


class EnvironmentRegistry:
    """Implements `Environments`. One that cannot be loaded is a status with a problem; the others work on."""

    def __init__(self, home: Path) -> None:
        """`home`: the user's folder for installed environments; need not exist."""
        self._home = home
        # Of several with one name, ours counts: another package must not take its place unseen.
        found = sorted(entry_points(group=GROUP), key=_is_ours)
        self._found: dict[str, EntryPoint] = {point.name: point for point in found}
        self._providers: dict[str, EnvironmentProvider] = {}
        self._open: dict[str, Environment] = {}

    def get(self, name: str) -> Environment:
        """An environment ready for `reset`, kept for the next call.

        Raises:
            EnvironmentUnavailableError: Unknown, broken, or not installed; says what to do.
        """
        if name not in self._open:
            if not self._asked_status(name).installed:
                raise EnvironmentUnavailableError(
                    f"The environment `{name}` is not installed. Run `hitl-app env install {name}`."
                )
            environment = self._ask(name, lambda provider: provider.open(self._home))
            ours = _is_ours(self._found[name])
            self._open[name] = environment if ours else foreign(environment, self._who(name))
        return self._open[name]

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        """All environments by name, installed or not."""
        return tuple(map(self._status, sorted(self._found)))

    def python(self) -> str:
        """The interpreter that environments are made with.

        Raises:
            EnvironmentUnavailableError: There is none; says how to get one.
        """
        return str(find_python())

    def install(
        self, name: str, report: Callable[[str], None], wanted: Callable[[], bool] = lambda: True
    ) -> EnvironmentStatus:
        """Install what the environment needs; what is open executes on meanwhile.

        Raises:
            EnvironmentUnavailableError: Unknown, stopped, or the installation failed.
        """

        def install(provider: EnvironmentProvider) -> None:
            if isinstance(provider, StoppableInstall):
                provider.install_while(self._home, report, wanted)
            else:
                provider.install(self._home, report)

        self._ask(name, install)
        return self._asked_status(name)

    def release(self, name: str) -> None:
        """Close an environment that is open; the next `get` opens what is installed then."""
        environment = self._open.pop(name, None)
        if environment is not None:
            environment.close()

    def remove(self, name: str) -> EnvironmentStatus:
        """Close an environment and delete its folder.

        Raises:
            EnvironmentUnavailableError: Unknown, built in, or the folder cannot be deleted.
        """
        if not self._asked_status(name).needs_install:
            raise EnvironmentUnavailableError(f"{self._who(name)} was not installed by itself: nothing can be removed.")
        self.release(name)
        remove(self._home / name)
        return self._asked_status(name)

    def check(self, name: str) -> tuple[str, ...]:
        """Run the environment's self-test and say what was checked.

        Raises:
            EnvironmentUnavailableError: Unknown, or says what does not work.
        """
        return self._ask(name, lambda provider: provider.check(self._home))

    def close(self) -> None:
        """Close every environment that was opened."""
        for name in list(self._open):
            self.release(name)

    def _ask(self, name: str, question: Callable[[EnvironmentProvider], T]) -> T:
        provider = self._provider(name)
        if _is_ours(self._found[name]):
            return question(provider)
        return asked(self._who(name), lambda: question(provider))

    def _provider(self, name: str) -> EnvironmentProvider:
        if name not in self._found:
            known = ", ".join(sorted(self._found)) or "none"
            raise EnvironmentUnavailableError(f"There is no environment `{name}`. Known: {known}.")
        if name not in self._providers:
            try:
                self._providers[name] = self._found[name].load()
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # other people's packages may fail in any way
                raise EnvironmentUnavailableError(
                    f"{self._who(name)} cannot be loaded: {type(error).__name__}: {error}. "
                    f"Reinstall the package that provides it ({self._found[name].value})."
                ) from error
        return self._providers[name]

    def _status(self, name: str) -> EnvironmentStatus:
        try:
            return self._asked_status(name)
        except EnvironmentUnavailableError as error:
            return EnvironmentStatus(name, "", installed=False, needs_install=False, problem=str(error))

    def _asked_status(self, name: str) -> EnvironmentStatus:
        """The provider's answer, under the name that tasks refer to."""
        return self._ask(
            name, lambda provider: replace(checked(EnvironmentStatus, provider.status(self._home)), name=name)
        )

    def _who(self, name: str) -> str:
        """The environment with its package, for messages."""
        package = self._found[name].dist
        return f"The environment `{name}`" + (f" of {package.name} {package.version}" if package else "")


def _is_ours(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == OURS
