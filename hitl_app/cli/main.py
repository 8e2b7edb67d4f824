"""The command line: reads arguments, opens the workspace, runs one command."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

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
from hitl_app.cli.start import add_program, options_of_commands, settle
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
    parser = argparse.ArgumentParser(
        prog="hitl-app",
        description="Review and repair the trajectories of LLM agents. Without a command, the desk opens.",
    )
    commands, again = add_program(parser, default_data_dir), options_of_commands()
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
    named = getattr(args, "into", None)  # a command that names the store that it works on by itself
    if named is not None and args.data_dir not in (None, named):
        parser.error(f"{args.command} works on {named}: leave out --data-dir")
    args.data_dir = named or args.data_dir
    settle(parser, args, default_data_dir)
    return args
