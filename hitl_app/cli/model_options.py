"""The options of every command that asks a model: where it is served, under which budget, or which record answers."""

import argparse
import math
from collections.abc import Iterable
from pathlib import Path

from hitl_app.cli.command import positive
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import PASTE
from hitl_app.domain.run import Budget
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.roles import Role


def amount(text: str) -> float:
    """A finite number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise argparse.ArgumentTypeError(f"expected a number above zero, not {text!r}")
    return value


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Add where the model is served. Never a key."""
    model = parser.add_argument_group("the model (default: HITL_APP_BASE_URL and HITL_APP_MODEL, else the settings)")
    model.add_argument("--base-url", default="", metavar="URL", help="of an OpenAI-compatible server")
    model.add_argument(
        "--paste",
        action="store_const",
        dest="base_url",
        const=PASTE,
        help="ask no server: show each question on standard error, and read its answer from standard input, up to a "
        "line that holds a single dot",
    )
    model.add_argument("--model", default="", metavar="NAME", help="name of the model at that server")


def add_model(parser: argparse.ArgumentParser, whose: str = "the budget of the whole run") -> None:
    """Add where the model is served, the record to answer from, and the ceilings of the budget."""
    add_endpoint(parser)
    parser.add_argument("--answers", type=Path, metavar="FILE", help="recorded calls to answer from; asks no server")
    budget = parser.add_argument_group(whose)
    budget.add_argument("--budget-tokens", type=positive, metavar="N", help="prompt and completion tokens")
    budget.add_argument("--budget-usd", type=amount, metavar="X", help="US dollars; the model's price must be known")
    budget.add_argument("--budget-seconds", type=amount, metavar="S", help="wall time")


def add_roles(parser: argparse.ArgumentParser, roles: Iterable[Role]) -> None:
    """Add the models that play these roles; `chosen_roles` reads them."""
    models = parser.add_argument_group(
        "models of roles (default: those of hitl-app model set --role, else the model above)"
    )
    for role in roles:
        models.add_argument(f"--{role}-model", default="", metavar="NAME", help=f"name of the {role}'s model")
        models.add_argument(f"--{role}-url", default="", metavar="URL", help=f"server of the {role}'s model")


def chosen_roles(args: argparse.Namespace, roles: Iterable[Role]) -> dict[Role, Chosen]:
    """What the command line says of these roles' models; what is said of all models holds for each."""
    everybody = chosen_model(args)
    return {
        role: Chosen(getattr(args, f"{role}_url"), getattr(args, f"{role}_model")).over(everybody) for role in roles
    }


def refuse_roles(args: argparse.Namespace, roles: Iterable[Role]) -> None:
    """Make sure that no model of a role is named where a run goes on, which would not heed it.

    Raises:
        UserError: One is.
    """
    for role in roles:
        if getattr(args, f"{role}_url") or getattr(args, f"{role}_model"):
            raise UserError(f"a run goes on with the models that it began with: leave out those of the {role}")


def add_concurrency(parser: argparse.ArgumentParser, what: str = "tasks at a time") -> None:
    """Add how many tasks are worked on at the same time."""
    parser.add_argument("--concurrency", type=positive, default=4, metavar="N", help=f"{what} (default: 4)")


def chosen_model(args: argparse.Namespace) -> Chosen:
    """What the command line says of the model."""
    return Chosen(args.base_url, args.model or ("pasted" if args.base_url == PASTE else ""))


def budget_of(args: argparse.Namespace, iterations: int | None = None) -> Budget:
    """The ceilings on the command line; `iterations` where the command has such a ceiling."""
    ceilings = Budget(tokens=args.budget_tokens, usd=args.budget_usd, seconds=args.budget_seconds)
    if iterations is None:
        return ceilings
    return Budget(iterations, ceilings.tokens, ceilings.usd, ceilings.seconds)
