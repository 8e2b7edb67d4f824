"""`hitl-app model …`: where the model is served, whether the connection works, and what the server can do."""

import argparse
import getpass
import sys
from dataclasses import replace

from hitl_app.cli.command import Command, positive
from hitl_app.cli.model_options import add_endpoint, chosen_model
from hitl_app.cli.output import Output
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.model import Capabilities, ModelEndpoint, Price
from hitl_app.domain.run_codec import capabilities_to_json
from hitl_app.workflow.roles import Role
from hitl_app.workflow.workspace import Workspace

ACTIONS = ("show", "test", "set", "key")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=ACTIONS,
        help="show what is set up; test the connection; set what the desk uses; keep a key, read from standard input",
    )
    add_endpoint(parser)
    parser.add_argument("--role", choices=tuple(map(str, Role)), help="of the model that plays this role")
    parser.add_argument("--default", action="store_true", help="the model of the settings plays the role again (set)")
    parser.add_argument("--price-in", type=_price, metavar="USD", help="price of a million prompt tokens (set)")
    parser.add_argument("--price-out", type=_price, metavar="USD", help="price of a million completion tokens (set)")
    parser.add_argument("--timeout", type=positive, metavar="S", help="seconds without an answer (set)")


def _price(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1_000_000:
        raise argparse.ArgumentTypeError(f"expected US dollars per million tokens, not {text!r}")
    return value


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    models, role = workspace.models, args.role
    if args.default:
        if args.action != "set" or role is None:
            raise UserError("--default goes with set --role ROLE")
        await models.save_role(role, None)
    endpoint = await (models.endpoint(chosen_model(args)) if role is None else models.role(role, chosen_model(args)))
    if args.action == "test":
        return await _test(endpoint, workspace, out)
    if args.action == "set" and not args.default:
        endpoint = _changed(endpoint, args)
        await (models.save(endpoint) if role is None else models.save_role(role, endpoint))
    elif args.action == "key":
        value = getpass.getpass("key: ") if sys.stdin.isatty() else sys.stdin.readline()
        secret = await workspace.models.keep_key(endpoint.base_url, value.strip())
        out.message(f"kept in: {secret.source}" if value.strip() else "the key is forgotten")
        if value.strip() and secret.source == "memory":
            raise UserError("there is no keyring here, so the key ends with this command: set HITL_APP_API_KEY instead")
    await _show(endpoint, workspace, out)
    return True


def _changed(endpoint: ModelEndpoint, args: argparse.Namespace) -> ModelEndpoint:
    if (args.price_in is None) != (args.price_out is None):
        raise UserError("give both prices, --price-in and --price-out")
    if args.price_in is not None:
        endpoint = replace(endpoint, price=Price(args.price_in, args.price_out))
    return endpoint if args.timeout is None else replace(endpoint, timeout=float(args.timeout))


async def _show(endpoint: ModelEndpoint, workspace: Workspace, out: Output) -> None:
    found = await workspace.models.capabilities(endpoint)
    key = await workspace.models.find_key(endpoint.base_url)
    roles = await workspace.models.saved_roles()
    lines = [
        f"{endpoint.model} at {endpoint.base_url}",
        f"  key: {key.source if key else 'none'}",
        f"  price: {_price_text(endpoint)}",
        *(_lines(found) if found else ["  not tested yet: hitl-app model test"]),
        *(f"  {role}: {each.model} at {each.base_url}, price: {_price_text(each)}" for role, each in roles.items()),
    ]
    out.result(
        {
            "base_url": endpoint.base_url,
            "model": endpoint.model,
            "key": key.source if key else None,
            "price": _price_json(endpoint),
            "timeout": endpoint.timeout,
            "capabilities": None if found is None else capabilities_to_json(found),
            "roles": {
                role: {"base_url": each.base_url, "model": each.model, "price": _price_json(each)}
                for role, each in roles.items()
            },
        },
        "\n".join(lines),
    )


def _price_json(endpoint: ModelEndpoint) -> Json:
    price = endpoint.price
    return None if price is None else {"in": price.input, "out": price.output}


def _price_text(endpoint: ModelEndpoint) -> str:
    price = endpoint.price
    return "not set" if price is None else f"{price.input:g} in, {price.output:g} out (USD a million tokens)"


async def _test(endpoint: ModelEndpoint, workspace: Workspace, out: Output) -> bool:
    found = await workspace.models.test(endpoint)
    works = not found.problem
    heading = found.problem or f"{endpoint.model} at {endpoint.base_url}: works"
    out.result(
        {
            "base_url": endpoint.base_url,
            "model": endpoint.model,
            "works": works,
            **capabilities_to_json(found),
        },
        "\n".join([heading, *_lines(found)]),
    )
    return works


def _lines(found: Capabilities) -> list[str]:
    return [f"  {note}" for note in found.notes]


COMMAND = Command("model", "set up a model, and test the connection to it", _arguments, _run)
