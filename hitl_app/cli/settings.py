"""`hitl-app settings`: what was chosen for the desk, shown or changed."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.settings import NO_KEY, Settings
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["set"])
    parser.add_argument("name", nargs="?", metavar="KEY", help="annotator, language, theme, zoom or key.ACTION")
    parser.add_argument("value", nargs="?", metavar="VALUE", help='what it is to be; "" takes back what was chosen')


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    if args.what is None:
        settings = await workspace.settings.read()
    else:
        if args.value is None:
            raise UserError("say what to set, such as: hitl-app settings set theme dark")
        settings = await workspace.settings.change(lambda kept: kept.with_value(args.name, args.value))
    out.result(settings.to_json(), _text(settings))
    return True


def _text(settings: Settings) -> str:
    lines = {
        "annotator": settings.annotator or "(the user's name)",
        "language": settings.language,
        "theme": settings.theme,
        "zoom": f"{settings.zoom} %",
        **{f"key.{action}": key or NO_KEY for action, key in sorted(settings.keys.items())},
    }
    width = max(map(len, lines))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines.items())


COMMAND = Command("settings", "show or change what was chosen for the desk", _arguments, _run)
