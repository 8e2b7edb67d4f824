"""What a command is made of."""

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hitl_app.cli.output import Output
from hitl_app.domain.settings import checked_annotator
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace

Run = Callable[[argparse.Namespace, Workspace, Output], Awaitable[bool]]
"""Runs a command; True means that everything it was asked for was done."""


@dataclass(frozen=True)
class Command:
    """One command: its words, its arguments, and what it does."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Run


def positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number above zero, not {text!r}")
    return int(text)


def words(text: str) -> str:
    """A text that says something."""
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a few words, not an empty text")
    return text


def add_maker(parser: argparse.ArgumentParser, *, reason_required: bool = False) -> None:
    """The options of every command that records a decision; `maker_of` reads them."""
    parser.add_argument("--annotator", required=True, type=words, metavar="NAME", help="who decides")
    kind = words if reason_required else str
    parser.add_argument("--reason", required=reason_required, type=kind, default="", metavar="TEXT", help="why")
    add_blind(parser)


def add_blind(parser: argparse.ArgumentParser) -> None:
    """The option of a command that may be given without sight of others' decisions; `is_blind` reads it."""
    parser.add_argument(
        "--blind",
        action=argparse.BooleanOptionalAction,
        help="others' decisions are hidden from the annotator (default: as the store's policy says)",
    )


async def is_blind(args: argparse.Namespace, workspace: Workspace) -> bool:
    """Whether others' decisions are hidden: as was said, else as everybody reviews in this store."""
    return (await workspace.team.policy()).blind if args.blind is None else bool(args.blind)


async def maker_of(args: argparse.Namespace, workspace: Workspace) -> Maker:
    """Who decides, from the options of `add_maker`."""
    return Maker(checked_annotator(args.annotator), args.reason, blind=await is_blind(args, workspace))


def add_rule(parser: argparse.ArgumentParser) -> None:
    """The options of every command that asks the rule of acceptance."""
    parser.add_argument("--override", action="store_true", help="accept against the rule; needs a reason")
    parser.add_argument("--lateral", action="store_true", help="accept an equal loss as well")
