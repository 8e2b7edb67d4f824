"""`hitl-app` opens the desk; `hitl-app COMMAND` does the same jobs headless."""

import argparse
import getpass
import sys
from collections.abc import Sequence

from hitl_app.cli.doctor import display_problem
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.settings import checked_annotator
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
from hitl_app.system.paths import default_data_dir, resource
from hitl_app.system.program import run_module_if_asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    if run_module_if_asked():
        return 0
    args = parse(arguments, default_data_dir())
    if args.command is None:
        return _open_desk(args)
    # Commands that need no store answer before its libraries are loaded.
    try:
        from hitl_app.bootstrap import build  # noqa: PLC0415
    except KeyboardInterrupt:
        return 130

    return run_command(args, build, Output.standard(getattr(args, "json", False)))


def desk() -> int:
    """Entry point of the desktop's menu, which has no terminal: opens the desk on the files that it is given."""
    return main(["open", *sys.argv[1:]] if sys.argv[1:] else [])


def _open_desk(args: argparse.Namespace) -> int:
    out = Output.standard(False)
    problem = display_problem()
    if problem:
        out.message(f"hitl-app: {problem}. Without a window, try: hitl-app demo")
        return 1
    try:
        return _run_desk(args)
    except UserError as error:
        out.message(f"hitl-app: {error}")
        return 1


def _run_desk(args: argparse.Namespace) -> int:
    from hitl_app.bootstrap import build  # noqa: PLC0415
    from hitl_app.ui.app import run_desk  # noqa: PLC0415
    from hitl_app.workflow.merging import STORE  # noqa: PLC0415

    first_run = args.default_place and not (args.data_dir / STORE).exists()
    annotator = checked_annotator(args.annotator) if args.annotator else ""
    application = build(args.data_dir)
    return run_desk(
        application.workspace,
        application.close,
        CrashFolder(args.data_dir / "crashes", SystemClock()),
        annotator=annotator,
        samples=args.samples or first_run,
        resources=resource(""),
        user=_user_name(),
    )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "annotator"


if __name__ == "__main__":
    sys.exit(main())
