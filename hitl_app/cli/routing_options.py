"""The options of a cascade: its two models, samples, thresholds."""

import argparse
import math

from hitl_app.cli.command import positive
from hitl_app.domain.errors import UserError
from hitl_app.domain.routing import LARGE, SMALL, Comparator, Confidence, RoutingSettings
from hitl_app.workflow.cascades import RoutedBy
from hitl_app.workflow.models import Chosen

DEFAULTS = RoutingSettings()


def share(text: str) -> float:
    """A share, from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, not {text!r}")
    return value


def add_models(parser: argparse.ArgumentParser) -> None:
    """Add the small and the large model."""
    models = parser.add_argument_group("the two models of a cascade (default: those of the settings)")
    for role in (SMALL, LARGE):
        models.add_argument(f"--{role}-url", default="", metavar="URL", help=f"server of the {role} model")
        models.add_argument(f"--{role}-model", default="", metavar="NAME", help=f"name of the {role} model")


def add_cascade(parser: argparse.ArgumentParser, votes: str = "--samples") -> None:
    """Add the two models, and how the cascade goes; `votes` is the option for its number of samples."""
    add_models(parser)
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
    return RoutedBy(
        Chosen(args.small_url, args.small_model),
        Chosen(args.large_url, args.large_model),
        RoutingSettings(
            samples=args.votes or DEFAULTS.samples,
            tau1=DEFAULTS.tau1 if args.tau1 is None else args.tau1,
            tau2=DEFAULTS.tau2 if args.tau2 is None else args.tau2,
            comparator=Comparator(args.comparator or DEFAULTS.comparator),
            confidence=Confidence(args.confidence or DEFAULTS.confidence),
            exhaustive=exhaustive,
        ),
    )
