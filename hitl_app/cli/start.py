"""The program's own options, and `hitl-app open`: what the desk starts with.

They are read before anything else is loaded, because a start may only hand its files to a desk that is open.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from hitl_app import __version__
from hitl_app.domain.errors import UserError
from hitl_app.domain.store_file import HEADER_BYTES, is_store

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # what it is called nowhere else

OPEN = "open"
"""The command that opens the desk on files."""


class _OtherCommandError(Exception):
    """The arguments do not start the desk, or make no sense."""


class _Silent(argparse.ArgumentParser):
    """Leaves what there is to say to the parser of the whole command line."""

    def error(self, message: str) -> NoReturn:
        raise _OtherCommandError(message)

    def format_help(self) -> str:
        raise _OtherCommandError


def read_start(arguments: Sequence[str] | None, default_data_dir: Path) -> argparse.Namespace | None:
    """The arguments where they start the desk; None where the whole command line must be known to read them."""
    parser = _Silent(prog="hitl-app")
    add_program(parser, default_data_dir)
    try:
        args = parser.parse_args(arguments)
        settle(parser, args, default_data_dir)
    except _OtherCommandError:
        return None
    return args


def add_program(parser: argparse.ArgumentParser, default_data_dir: Path) -> "Commands":
    """The options of the program and the command `open`; returns where the other commands are added."""
    parser.add_argument("--version", action="version", version=f"hitl-app {__version__}")
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help=f"folder of the store (default: {default_data_dir})"
    )
    parser.add_argument(
        "--portable",
        action="store_true",
        help="keep everything in a folder beside the packaged application, from now on",
    )
    parser.add_argument("--annotator", metavar="NAME", help="who decides at the desk (default: the user's name)")
    parser.add_argument("--samples", action="store_true", help="add the synthetic samples before the desk opens")
    parser.add_argument(
        "--smoke-test", action="store_true", help="try the desk on samples in a folder of its own, and say what it did"
    )
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="with --smoke-test: save a picture of the desk")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    words = "open the desk, and on it the preview of an import"
    sub = commands.add_parser(OPEN, help=words, description=words, parents=[options_of_commands()])
    sub.add_argument("--annotator", default=argparse.SUPPRESS, metavar="NAME", help="who decides at the desk")
    sub.add_argument("--samples", action="store_true", default=argparse.SUPPRESS, help="add the synthetic samples")
    sub.add_argument("files", nargs="*", type=Path, metavar="FILE", help="recorded runs, a bundle, or a store")
    return commands


def options_of_commands() -> argparse.ArgumentParser:
    """The options that stand before a command or after it. A default would overwrite what stood before it."""
    again = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    again.add_argument("--data-dir", type=Path, metavar="DIR", help="folder of the store")
    again.add_argument("--portable", action="store_true", help="keep everything beside the packaged application")
    again.add_argument("--json", action="store_true", help="print JSON Lines")
    return again


def settle(parser: argparse.ArgumentParser, args: argparse.Namespace, default_data_dir: Path) -> None:
    """Fill in where the data are, and refuse what makes no sense together."""
    beside = args.command or args.data_dir or args.annotator or args.samples or args.portable
    if args.smoke_test and beside:
        parser.error("--smoke-test stands alone, but for --screenshot and --json")
    if args.screenshot and not args.smoke_test:
        parser.error("--screenshot needs --smoke-test")
    if args.portable and args.data_dir is not None:
        parser.error("--portable says where the data are: leave out --data-dir")
    args.default_place = args.data_dir is None
    if args.data_dir is None:
        args.data_dir = default_data_dir / "demo" if args.command == "demo" else default_data_dir


def settle_files(args: argparse.Namespace) -> None:
    """Tell a store, which becomes the desk's own, from files to import, whose paths become absolute.

    Raises:
        UserError: A file is missing or cannot be read, or stores are more than one desk can show.
    """
    files = [Path(file).expanduser().absolute() for file in getattr(args, "files", ())]
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise UserError(f"{', '.join(missing)}: there is no such file or folder")
    stores = [file for file in files if file.is_file() and is_store(_header(file))]
    args.files = [file for file in files if file not in stores]
    if not stores:
        return
    if len(stores) > 1 or not args.default_place:
        shown = [*stores, *([] if args.default_place else [args.data_dir])]
        raise UserError(
            f"one desk shows one store, not {' and '.join(map(str, shown))}: open one of them, "
            "or add one to another with hitl-app merge A B"
        )
    args.data_dir, args.default_place = stores[0], False


def _header(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEADER_BYTES)
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror or error}") from error
