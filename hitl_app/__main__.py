"""`hitl-app` opens the desk; `hitl-app COMMAND` does the same jobs headless."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hitl_app.cli.display import display_problem
from hitl_app.cli.output import Output
from hitl_app.cli.start import read_start, settle_files
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.launching import is_started_by_a_desktop
from hitl_app.domain.store_file import STORE
from hitl_app.system.paths import default_data_dir, resource, runtime_dir
from hitl_app.system.portable import make_portable, portable_folder
from hitl_app.system.program import free_children, run_module_if_asked, use_utf8

if TYPE_CHECKING:
    from hitl_app.ui.single_instance import DeskClaim

# What is large is imported where it is needed: a start that hands its files to an open desk needs little.


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    return _main(arguments, _show if is_started_by_a_desktop(os.environ) else _say)


def desk() -> int:
    """Entry point of the desktop's menu, which has no terminal: opens the desk on the files that it is given."""
    return _main(["open", *sys.argv[1:]], _show)


def _main(arguments: Sequence[str] | None, tell: Callable[[str], None]) -> int:
    free_children()
    use_utf8()
    if run_module_if_asked():
        return 0
    try:
        return _start(arguments)
    except UserError as error:
        tell(str(error))
        return 1


def _say(problem: str) -> None:
    Output.standard(False).message(f"hitl-app: {problem}")


def _show(problem: str) -> None:
    """Tell of a problem where nobody reads what a program prints."""
    _say(problem)
    if not display_problem() and not (sys.stderr and sys.stderr.isatty()):
        from hitl_app.ui.application import make_application, show_problem  # noqa: PLC0415

        show_problem(make_application(resource("")), resource("translations"), problem)


def _start(arguments: Sequence[str] | None) -> int:
    args = read_start(arguments, default_data_dir())
    if args is None:
        return _run_command(arguments)
    if args.smoke_test:
        return _smoke_test(args)
    if args.portable and portable_folder() is None:
        make_portable()
        return _start(arguments)
    return _open_desk(args)


def _run_command(arguments: Sequence[str] | None) -> int:
    try:
        from hitl_app.cli.main import parse, run_command  # noqa: PLC0415

        args = parse(arguments, default_data_dir())
        if args.portable and portable_folder() is None:
            make_portable()
            return _run_command(arguments)
        # Commands that need no store answer before its libraries are loaded.
        from hitl_app.bootstrap import build  # noqa: PLC0415
    except KeyboardInterrupt:
        return 130

    return run_command(args, build, Output.standard(getattr(args, "json", False)))


def _open_desk(args: argparse.Namespace) -> int:
    out = Output.standard(False)
    problem = display_problem()
    if problem:
        out.message(f"hitl-app: {problem}. Without a window, try: hitl-app demo")
        return 1
    settle_files(args)
    return _run_desk(args, out)


def _run_desk(args: argparse.Namespace, out: Output) -> int:
    """Be the desk on the store, unless there is one: that gets the files."""
    from hitl_app.ui.single_instance import DeskClaim, Request, take_or_hand_over  # noqa: PLC0415

    store = args.data_dir if args.data_dir.is_file() else args.data_dir / STORE
    claim = DeskClaim(store, runtime_dir(), _user_name())
    if not take_or_hand_over(claim, Request.of_start(args.files, os.environ)):
        out.message(_handed_over(args, claim.store))
        return 0
    try:
        return _be_the_desk(args, claim)
    finally:
        claim.release()


def _handed_over(args: argparse.Namespace, store: Path) -> str:
    files = f"took {len(args.files)} to open" if args.files else "comes to the front"
    unused = [f"--{name}" for name in ("annotator", "samples") if getattr(args, name)]
    without = f"; {' and '.join(unused)} counts only where it starts anew" if unused else ""
    return f"hitl-app: the desk on {store} is open already, and {files}{without}"


def _be_the_desk(args: argparse.Namespace, claim: "DeskClaim") -> int:
    from hitl_app.ui.application import make_application  # noqa: PLC0415
    from hitl_app.ui.single_instance import DeskServer  # noqa: PLC0415

    portable = portable_folder()
    app = make_application(resource(""), portable / "qt" if portable else None)
    server = DeskServer(claim, app)
    try:
        from hitl_app.bootstrap import build  # noqa: PLC0415
        from hitl_app.domain.settings import checked_annotator  # noqa: PLC0415
        from hitl_app.ui.app import run_desk  # noqa: PLC0415
        from hitl_app.ui.opening import Opening  # noqa: PLC0415

        server.answer()
        first_run = args.default_place and not claim.store.exists()
        annotator = checked_annotator(args.annotator) if args.annotator else ""
        application = build(args.data_dir)
        server.answer()
        return run_desk(
            application.workspace,
            application.close,
            application.workspace.crashes,
            annotator=annotator,
            samples=args.samples or (first_run and not args.files),
            resources=resource(""),
            user=_user_name(),
            guest=Opening(app, server, args.files).visit,
        )
    finally:
        server.close()


def _smoke_test(args: argparse.Namespace) -> int:
    from hitl_app.system.build import build_details  # noqa: PLC0415

    out, program = Output.standard(args.json), build_details()
    about: JsonObject = {"version": program.version, "kind": program.kind, "commit": program.commit}
    try:
        out.result({"did": "start", **about, "python": program.python}, f"{program.name}, Python {program.python}")
        problem = display_problem()
        problems = (problem,) if problem else _try_the_desk(out, args.screenshot)
        for problem in problems:
            out.message(f"hitl-app: {problem}")
        words = "smoke test failed" if problems else "smoke test passed"
        out.result({"passed": not problems, "problems": list(problems)}, words)
    except BrokenPipeError:  # nobody reads on
        return 1
    return 1 if problems else 0


def _try_the_desk(out: Output, screenshot: Path | None) -> tuple[str, ...]:
    """Let the smoke test work at a desk in a folder of its own; returns what went wrong."""
    import asyncio  # noqa: PLC0415

    from hitl_app.bootstrap import build  # noqa: PLC0415
    from hitl_app.ui.app import run_desk  # noqa: PLC0415
    from hitl_app.ui.smoke import ANNOTATOR, SmokeTest, write_sample  # noqa: PLC0415
    from hitl_app.ui.smoke_watch import watched  # noqa: PLC0415

    with watched() as watch:
        try:
            with TemporaryDirectory(prefix="hitl-app-") as name:
                folder = Path(name)
                colleague = build(folder / "colleague")
                sample = folder / "sample.hitl"
                asyncio.run(write_sample(colleague.workspace, sample))
                colleague.close()
                test, desk = SmokeTest(sample, out.result, watch, screenshot), build(folder / "desk")
                parts = desk.workspace, desk.close, desk.workspace.crashes
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
