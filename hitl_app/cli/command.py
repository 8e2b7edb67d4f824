"""What a command is made of."""

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hitl_app.cli.output import Output
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


def add_maker(parser: argparse.ArgumentParser, *, reason_required: bool = False) -> None:
    """The options of every command that records a decision."""
    parser.add_argument("--annotator", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", required=reason_required, default="", metavar="TEXT", help="why")


def add_rule(parser: argparse.ArgumentParser) -> None:
    """The options of every command that asks the rule of acceptance."""
    parser.add_argument("--override", action="store_true", help="accept against the rule; needs a reason")
    parser.add_argument("--lateral", action="store_true", help="accept an equal loss as well")
