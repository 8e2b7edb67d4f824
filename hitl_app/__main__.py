"""`hitl-app` opens the desk; `hitl-app COMMAND` does the same jobs headless."""

import argparse
import asyncio
import getpass
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hitl_app import __version__
from hitl_app.cli.doctor import display_problem
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.settings import checked_annotator
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
from hitl_app.system.paths import default_data_dir, resource
from hitl_app.system.program import free_children, is_frozen, run_module_if_asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    free_children()
    if run_module_if_asked():
        return 0
    args = parse(arguments, default_data_dir())
    if args.command is None:
        return _smoke_test(args) if args.smoke_test else _open_desk(args)
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


def _smoke_test(args: argparse.Namespace) -> int:
    out = Output.standard(args.json)
    about: JsonObject = {"version": __version__, "python": platform.python_version(), "frozen": is_frozen()}
    out.result({"did": "start", **about}, f"hitl-app {__version__}, Python {platform.python_version()}")
    problem = display_problem()
    problems = (problem,) if problem else _try_the_desk(out, args.screenshot)
    for problem in problems:
        out.message(f"hitl-app: {problem}")
    words = "smoke test failed" if problems else "smoke test passed"
    out.result({"passed": not problems, "problems": list(problems)}, words)
    return 1 if problems else 0


def _try_the_desk(out: Output, screenshot: Path | None) -> tuple[str, ...]:
    """Let the smoke test work at a desk in a folder of its own; returns what went wrong."""
    from hitl_app.bootstrap import build  # noqa: PLC0415
    from hitl_app.ui.app import run_desk  # noqa: PLC0415
    from hitl_app.ui.smoke import ANNOTATOR, SmokeTest, write_sample  # noqa: PLC0415
    from hitl_app.ui.smoke_watch import watched  # noqa: PLC0415

    with watched() as watch:
        try:
            with TemporaryDirectory(prefix="hitl-app-") as name:
                folder = Path(name)
                colleague = build(folder / "colleague")
                sample = asyncio.run(write_sample(colleague.workspace, folder / "sample"))
                colleague.close()
                test, desk = SmokeTest(sample, out.result, watch, screenshot), build(folder / "desk")
                crashes = CrashFolder(folder / "crashes", SystemClock())
                parts = desk.workspace, desk.close, crashes
                run_desk(*parts, annotator=ANNOTATOR, samples=False, resources=resource(""), guest=test.visit)
                problem = test.problem
        except (UserError, OSError) as error:
            problem = str(error)
    return tuple(filter(None, (problem, *watch.complaints)))


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system without a database of users
        return "annotator"


if __name__ == "__main__":
    sys.exit(main())
