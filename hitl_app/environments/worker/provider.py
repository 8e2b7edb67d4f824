"""Providers of environments that run in workers: they differ in what is installed and how it proves itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.ports import Environment, EnvironmentStatus
from hitl_app.environments.worker.install import Requirements, install, is_installed, python_in
from hitl_app.environments.worker.process import Worker

E = TypeVar("E", bound=Environment)


@dataclass(frozen=True)
class WorkerProvider(Generic[E]):
    """Implements `domain.ports.EnvironmentProvider` for an environment in a virtual environment of its own.

    Attributes:
        handlers: The script that the worker runs.
        make: The environment in a worker.
        self_test: Tries an environment and says what was checked, a line for each thing; raises
            EnvironmentUnavailableError (see `require`) where something does not work.
    """

    name: str
    description: str
    version: str
    requirements: Requirements
    handlers: Path
    make: Callable[[Worker], E]
    self_test: Callable[[E], tuple[str, ...]]

    def status(self, home: Path) -> EnvironmentStatus:
        """Whether it is installed."""
        folder = home / self.name
        installed = is_installed(folder, self.requirements)
        return EnvironmentStatus(
            self.name,
            self.description,
            installed=installed,
            needs_install=True,
            version=self.version,
            place=str(folder) if installed else "",
        )

    def install(self, home: Path, report: Callable[[str], None]) -> None:
        """Install it from the package index; takes a minute or two."""
        install(home / self.name, self.requirements, report)

    def install_while(self, home: Path, report: Callable[[str], None], wanted: Callable[[], bool]) -> None:
        """As `install`, but it ends once it is not wanted any more."""
        install(home / self.name, self.requirements, report, wanted)

    def open(self, home: Path) -> E:
        """A new environment; its worker starts with the first task."""
        if not is_installed(home / self.name, self.requirements):
            raise EnvironmentUnavailableError(f"{self.name} is not installed. Run `hitl-app env install {self.name}`.")
        return self.make(Worker(python_in(home / self.name), self.handlers))

    def check(self, home: Path) -> tuple[str, ...]:
        """Run the self-test in a fresh worker."""
        environment = self.open(home)
        try:
            return self.self_test(environment)
        finally:
            environment.close()


def require(holds: bool, name: str, what: str) -> None:
    """For self-tests: that environment `name` does not work, and what of it, unless `holds`."""
    if not holds:
        raise EnvironmentUnavailableError(f"{name} does not work. {what}.")
