"""`hitl-app env list|install|remove|check`: the environments in which trajectories execute."""

import argparse

from hitl_app.cli.command import Command
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import EnvironmentStatus
from hitl_app.workflow.workspace import Workspace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["list", "install", "remove", "check"])
    parser.add_argument("name", nargs="?", metavar="NAME", help="environment to install, remove or check")


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    refinement = workspace.refinement
    if args.what == "list":
        for status in await refinement.environment_statuses():
            out.result(_json(status), _text(status))
        return True
    if args.name is None:
        raise UserError(f"say which environment to {args.what}, such as: hitl-app env {args.what} tau2")
    if args.what == "install":
        status = await refinement.install_environment(args.name, out.message)
        out.result(_json(status), _text(status))
        return status.installed
    if args.what == "remove":
        status = await refinement.remove_environment(args.name)
        out.result(_json(status), f"{args.name} was removed")
        return True
    checked = await refinement.check_environment(args.name)
    out.result({"name": args.name, "works": True, "checked": checked}, "\n".join([f"{args.name} works", *checked]))
    return True


def _json(status: EnvironmentStatus) -> JsonObject:
    return {
        "name": status.name,
        "description": status.description,
        "installed": status.installed,
        "needs_install": status.needs_install,
        "version": status.version,
        "place": status.place,
        "problem": status.problem,
    }


def _text(status: EnvironmentStatus) -> str:
    state = "ready" if status.installed else f"not installed (hitl-app env install {status.name})"
    if status.problem:
        state = "broken"
    return f"{status.name:<10} {state:<12} {status.version:<8} {status.problem or status.description}"


COMMAND = Command("env", "list, install, remove or check environments", _arguments, _run)
