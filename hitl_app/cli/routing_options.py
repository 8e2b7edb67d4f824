"""The options of a cascade: its two models, samples, thresholds."""

import argparse
import math

from hitl_app.cli.command import positive
from hitl_app.cli.model_options import add_roles, chosen_roles
from hitl_app.domain.errors import UserError
from hitl_app.domain.routing import Comparator, Confidence, RoutingSettings
from hitl_app.workflow.cascades import RoutedBy
from hitl_app.workflow.roles import Role

DEFAULTS = RoutingSettings()
ROLES = (Role.SMALL, Role.LARGE)


def share(text: str) -> float:
    """A share, from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, not {text!r}")
    return value


def add_cascade(parser: argparse.ArgumentParser, votes: str = "--samples") -> None:
    """Add the two models, and how the cascade goes; `votes` is the option for its number of samples."""
    add_roles(parser, ROLES)
    cascade = parser.add_argument_group("the cascade")
    cascade.add_argument(
        votes, dest="votes", type=positive, metavar="N", help=f"votes a stage (default: {DEFAULTS.samples})"
    )
    cascade.add_argument("--tau1", type=share, metavar="X", help=f"threshold of stage 1 (default: {DEFAULTS.tau1:g})")
    cascade.add_argument("--tau2", type=share, metavar="X", help=f"threshold of stage 2 (default: {DEFAULTS.tau2:g})")
    cascade.add_argument(
        "--comparator",
        choices=tuple(map(str, Comparator)),
        help='a consensus must exceed its threshold (">", default), or reach it (">=")',
    )
    cascade.add_argument(
        "--confidence",
        choices=tuple(map(str, Confidence)),
        help="what is compared: the majority's share (default), or whether any sample passes the visible checks",
    )


def refuse_cascade(args: argparse.Namespace) -> None:
    """Make sure that nothing is said of a cascade where a run goes on, which would not heed it.

    Raises:
        UserError: Something is.
    """
    models = (args.small_url, args.small_model, args.large_url, args.large_model)
    if any(models) or any(each is not None for each in _cascade(args)):
        raise UserError("a run goes on with the models and the cascade that it began with: leave out their options")


def _cascade(args: argparse.Namespace) -> tuple[object, ...]:
    return args.votes, args.tau1, args.tau2, args.comparator, args.confidence


def cascade_of(args: argparse.Namespace, *, exhaustive: bool = False) -> RoutedBy:
    """What the command line says of the cascade."""
    chosen = chosen_roles(args, ROLES)
    return RoutedBy(
        chosen[Role.SMALL],
        chosen[Role.LARGE],
        RoutingSettings(
            samples=args.votes or DEFAULTS.samples,
            tau1=DEFAULTS.tau1 if args.tau1 is None else args.tau1,
            tau2=DEFAULTS.tau2 if args.tau2 is None else args.tau2,
            comparator=Comparator(args.comparator or DEFAULTS.comparator),
            confidence=Confidence(args.confidence or DEFAULTS.confidence),
            exhaustive=exhaustive,
        ),
    )
