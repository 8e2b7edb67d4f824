"""The command line: reads arguments, opens the workspace, runs one command."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from hitl_app import __version__
from hitl_app.cli import (
    agreement,
    assign,
    bulk,
    check_export,
    classes,
    compare,
    continue_,
    dashboard,
    decide,
    demo,
    diff,
    doctor,
    env,
    expand,
    export,
    formats,
    gold,
    groups,
    guidelines,
    import_,
    inspect_,
    judging,
    ledger,
    links,
    list_,
    mark,
    merge,
    model,
    plan,
    policy,
    propose,
    refine,
    replanning,
    restore,
    revise,
    route,
    runs,
    samples,
    saved_views,
    score,
    search,
    seed,
    settings,
    show,
    tree,
    trust,
    verify,
)
from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.cli.pasting import TerminalHand
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import HunkError
from hitl_app.workflow.workspace import Workspace

COMMANDS: tuple[Command, ...] = (
    import_.COMMAND,
    formats.COMMAND,
    list_.COMMAND,
    saved_views.COMMAND,
    show.COMMAND,
    inspect_.COMMAND,
    propose.COMMAND,
    refine.COMMAND,
    plan.COMMAND,
    search.COMMAND,
    tree.COMMAND,
    continue_.COMMAND,
    compare.COMMAND,
    route.COMMAND,
    runs.COMMAND,
    replanning.REPLAN,
    replanning.GROUND,
    decide.COMMAND,
    revise.COMMAND,
    verify.COMMAND,
    diff.COMMAND,
    mark.MARK,
    mark.UNDO,
    mark.GRADIENT,
    restore.COMMAND,
    judging.JUDGE,
    judging.RATE,
    links.COMMAND,
    classes.CLASSES,
    classes.CLASSIFY,
    expand.COMMAND,
    score.COMMAND,
    groups.COMMAND,
    bulk.COMMAND,
    guidelines.COMMAND,
    export.COMMAND,
    check_export.COMMAND,
    ledger.COMMAND,
    merge.COMMAND,
    policy.COMMAND,
    settings.COMMAND,
    assign.COMMAND,
    agreement.COMMAND,
    gold.COMMAND,
    seed.COMMAND,
    trust.COMMAND,
    dashboard.COMMAND,
    env.COMMAND,
    model.COMMAND,
    samples.COMMAND,
    demo.COMMAND,
    doctor.COMMAND,
)


class OpenWorkspace(Protocol):
    """What `bootstrap` builds."""

    @property
    def workspace(self) -> Workspace:
        """The use cases."""
        ...

    @property
    def close(self) -> Callable[[], None]:
        """Closes everything."""
        ...


def make_parser(default_data_dir: Path) -> argparse.ArgumentParser:
    """The parser of the whole command line. Without a command, the desk opens."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON Lines")
    common.add_argument(
        "--data-dir", type=Path, metavar="DIR", help=f"folder of the store (default: {default_data_dir})"
    )
    parser = argparse.ArgumentParser(
        prog="hitl-app",
        description="Review and repair the trajectories of LLM agents. Without a command, the desk opens.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"hitl-app {__version__}")
    parser.add_argument("--annotator", metavar="NAME", help="who decides at the desk (default: the user's name)")
    parser.add_argument("--samples", action="store_true", help="add the synthetic samples before the desk opens")
    parser.add_argument(
        "--smoke-test", action="store_true", help="try the desk on samples in a folder of its own, and say what it did"
    )
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="with --smoke-test: save a picture of the desk")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    # A default here would overwrite an option that was given before the command.
    again = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    again.add_argument("--data-dir", type=Path, metavar="DIR", help="folder of the store")
    again.add_argument("--json", action="store_true", help="print JSON Lines")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help, parents=[again])
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def run_command(args: argparse.Namespace, build: Callable[[Path], OpenWorkspace], out: Output) -> int:
    """Run one command; returns the process's exit code: 0 only where everything was done."""
    try:
        application = build(args.data_dir)
        try:
            return 0 if asyncio.run(_run(args, application.workspace, out)) else 1
        finally:
            application.close()
    except (UserError, HunkError) as error:
        out.message(f"hitl-app: {error}")
        return 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        out.message(f"hitl-app: {error}")
        return 1
    except KeyboardInterrupt:
        out.message("hitl-app: stopped; everything that was reported is kept")
        return 130


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    workspace.hand.lend(TerminalHand(out))
    if upgrade := workspace.library.upgrade:
        out.message(
            f"hitl-app: an earlier version's store was brought up to date (format {upgrade.before} to "
            f"{upgrade.after}); as it was, it is kept at {upgrade.backup}"
        )
    done: bool = await args.run(args, workspace, out)
    return done


def parse(arguments: Sequence[str] | None, default_data_dir: Path) -> argparse.Namespace:
    """Read the arguments; exits with a message and code 2 where they make no sense."""
    parser = make_parser(default_data_dir)
    args = parser.parse_args(arguments)
    _check_smoke_test(parser, args)
    named = getattr(args, "into", None)  # a command that names the store that it works on by itself
    if named is not None and args.data_dir not in (None, named):
        parser.error(f"{args.command} works on {named}: leave out --data-dir")
    args.data_dir = named or args.data_dir
    args.default_place = args.data_dir is None
    if args.data_dir is None:
        args.data_dir = default_data_dir / "demo" if args.command == "demo" else default_data_dir
    return args


def _check_smoke_test(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """It works in a folder of its own: what belongs to another one makes no sense beside it."""
    beside = args.command or args.data_dir or args.annotator or args.samples
    if args.smoke_test and beside:
        parser.error("--smoke-test stands alone, but for --screenshot and --json")
    if args.screenshot and not args.smoke_test:
        parser.error("--screenshot needs --smoke-test")
