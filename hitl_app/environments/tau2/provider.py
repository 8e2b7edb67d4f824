"""Where tau2 comes from: installs it, opens it, and proves that it works."""

from collections.abc import Callable
from pathlib import Path

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import EnvironmentStatus
from hitl_app.domain.task import Task
from hitl_app.environments.tau2.environment import DESCRIPTION, DOMAINS, INSPECT_EVALS, NAME, VERSION, Tau2Environment
from hitl_app.environments.worker import Worker
from hitl_app.environments.worker.install import Requirements, install, is_installed, python_in

HANDLERS = Path(__file__).with_name("worker.py")
# inspect-evals asks for all that its hundred evaluations need; these are what its tau2 needs.
REQUIREMENTS = Requirements(
    (
        ("inspect-ai==0.3.285", "pydantic==2.14.3", "toml==0.10.2", "jinja2==3.1.6"),
        ("--no-deps", f"inspect-evals=={INSPECT_EVALS}"),
    )
)

USERS = {"airline": "emma_kim_9957", "retail": "yusuf_rossi_9620"}
WRITES: dict[str, tuple[str, JsonObject]] = {
    "airline": ("send_certificate", {"user_id": "emma_kim_9957", "amount": 100}),
    "retail": (
        "modify_user_address",
        {
            "user_id": "yusuf_rossi_9620",
            "address1": "1 New Street",
            "address2": "",
            "city": "Philadelphia",
            "state": "PA",
            "country": "USA",
            "zip": "19122",
        },
    ),
}


class Tau2Provider:
    """tau2 from inspect-evals, in a virtual environment of its own."""

    @property
    def name(self) -> str:
        """Name that tasks refer to."""
        return NAME

    def status(self, home: Path) -> EnvironmentStatus:
        """Whether it is installed."""
        installed = is_installed(home / NAME, REQUIREMENTS)
        return EnvironmentStatus(
            NAME,
            DESCRIPTION,
            installed=installed,
            needs_install=True,
            version=VERSION,
            place=str(home / NAME) if installed else "",
        )

    def install(self, home: Path, report: Callable[[str], None]) -> None:
        """Install it from the package index; takes a minute or two."""
        install(home / NAME, REQUIREMENTS, report)

    def open(self, home: Path) -> Tau2Environment:
        """A new environment; its worker starts with the first task."""
        if not is_installed(home / NAME, REQUIREMENTS):
            raise EnvironmentUnavailableError(f"{NAME} is not installed. Run `hitl-app env install {NAME}`.")
        return Tau2Environment(Worker(python_in(home / NAME), HANDLERS))

    def check(self, home: Path) -> tuple[str, ...]:
        """Read, write, judge and reset in both domains, against tau2's own hash of the database."""
        environment = self.open(home)
        try:
            return tuple(_check(environment, domain) for domain in DOMAINS)
        finally:
            environment.close()


def _check(environment: Tau2Environment, domain: str) -> str:
    task = Task(NAME, key="check", title="self-test", domain=domain)
    tools = environment.describe_tools(task)
    environment.reset(task)
    untouched, start = environment.full_hash(), environment.snapshot()
    user = USERS[domain]
    read = environment.step("get_user_details", {"user_id": user})
    _require(not read.failed and not read.changed and user in read.text, f"{domain}: reading a user: {read.text[:200]}")
    written = environment.step(*WRITES[domain])
    _require(written.changed == (f"users/{user}",), f"{domain}: changing a user: {written.error or written.text[:200]}")
    _require(environment.full_hash() != untouched, f"{domain}: a change left the database as it was")
    environment.restore(start)
    _require(environment.full_hash() == untouched, f"{domain}: the database did not go back to its initial state")
    return f"{domain}: {len(tools)} tools; reading, changing and going back agree with tau2's own hash"


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise EnvironmentUnavailableError(f"{NAME} does not work. {what}.")
