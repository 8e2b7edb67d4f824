"""The model that runs ask: where it is served, what its server can do, its key and its prompts."""

import asyncio
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hitl_app.domain.codec import get_object
from hitl_app.domain.endpoints import server_url
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Capabilities, ModelEndpoint, ModelUnavailableError, Prompt, Secret
from hitl_app.domain.ports import CallKeeper, ModelClient, ModelServers, Prompts, SecretStore, Store
from hitl_app.domain.run_codec import (
    capabilities_from_json,
    capabilities_to_json,
    endpoint_from_json,
    endpoint_to_json,
)
from hitl_app.workflow.threads import Threads

ENDPOINT = "model endpoint"
"""The preference that holds where the model is served."""

ROLES = "models of roles"
"""The preference that holds where the models are served that play roles of their own."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the environment or the command line says of the model, before the settings; empty says nothing."""

    base_url: str = ""
    model: str = ""

    def over(self, other: "Chosen") -> "Chosen":
        """This choice, with the other where it says nothing."""
        return Chosen(self.base_url or other.base_url, self.model or other.model)


class Models:
    """Use cases around models."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        *,
        open_servers: Callable[[], ModelServers],
        secrets: SecretStore,
        prompts: Prompts,
        chosen: Chosen,
    ) -> None:
        """Make the use cases.

        Args:
            store: Keeps the settings; never a key.
            threads: Where work runs.
            open_servers: Loads the client's library, which takes a while: called when a model is first asked.
            secrets: The keys.
            prompts: The prompts.
            chosen: What the environment's variables say.
        """
        self._store = store
        self._threads = threads
        self._open_servers = functools.cache(open_servers)
        self._secrets = secrets
        self._chosen = chosen
        self._first = asyncio.Lock()  # many tasks begin at once, and the server is asked once what it can do
        self.prompts = prompts

    @property
    def overrides(self) -> Chosen:
        """What the environment's variables say: it goes before the settings."""
        return self._chosen

    async def saved(self) -> ModelEndpoint | None:
        """The endpoint in the settings, whatever the environment says."""
        kept = await self._threads.database(self._store.preference, ENDPOINT)
        return None if kept is None else endpoint_from_json(kept)

    async def endpoint(self, chosen: Chosen = Chosen()) -> ModelEndpoint:
        """Where the model is served: as asked for, else as the environment's variables say, else from the settings.

        Raises:
            ModelUnavailableError: Nothing says where, or which model; or where is no base URL.
        """
        wanted, saved, roles = chosen.over(self._chosen), await self.saved(), await self.saved_roles()
        base_url = wanted.base_url or (saved.base_url if saved else "")
        model = wanted.model or (saved.model if saved else "")
        if not base_url or not model:
            missing = "the base URL of a server" if not base_url else "the name of a model"
            raise ModelUnavailableError(
                f"no model is set up: {missing} is missing. Give --base-url and --model, set HITL_APP_BASE_URL and "
                "HITL_APP_MODEL, or keep both in the settings (hitl-app model set, or the desk's window)"
            )
        base_url = server_url(base_url)  # however it is spelled, it is the server in the settings, with its price
        there = [each for each in (saved, *roles.values()) if each is not None and each.base_url == base_url]
        same = next((each for each in there if each.model == model), None)
        known = there[0] if there else ModelEndpoint(base_url, model)
        return same or replace(known, model=model, price=None)

    async def save(self, endpoint: ModelEndpoint) -> None:
        """Keep an endpoint in the settings. Raises ModelUnavailableError for what is no base URL."""
        endpoint = replace(endpoint, base_url=server_url(endpoint.base_url))
        await self._threads.database(self._store.set_preference, ENDPOINT, endpoint_to_json(endpoint))

    async def role(self, role: str, chosen: Chosen = Chosen()) -> ModelEndpoint:
        """The model that plays a role (see `roles.Role`): as asked for, else the role's own, else `endpoint`.

        Raises:
            ModelUnavailableError: None of them is set up.
        """
        own = (await self.saved_roles()).get(role)
        if own is None:
            return await self.endpoint(chosen)
        return await self.endpoint(chosen.over(Chosen(own.base_url, own.model)))

    async def saved_roles(self) -> Mapping[str, ModelEndpoint]:
        """The endpoints of roles that have one of their own."""
        kept = await self._threads.database(self._store.preference, ROLES) or {}
        return {role: endpoint_from_json(get_object(kept, role)) for role in kept}

    async def save_role(self, role: str, endpoint: ModelEndpoint | None) -> None:
        """Keep the endpoint of a role; with None the model of the settings plays it again.

        Raises:
            ModelUnavailableError: It has no base URL.
        """
        others = {name: each for name, each in (await self.saved_roles()).items() if name != role}
        if endpoint is not None:
            others[role] = replace(endpoint, base_url=server_url(endpoint.base_url))
        kept = {name: endpoint_to_json(each) for name, each in others.items()}
        await self._threads.database(self._store.set_preference, ROLES, kept)

    async def test(self, endpoint: ModelEndpoint) -> Capabilities:
        """Ask a server what it can do, and remember the answer where the connection works."""
        servers = await self._servers()
        found = await self._threads.run(servers.probe(endpoint))
        if not found.problem:
            kept = capabilities_to_json(found)
            await self._threads.database(self._store.set_preference, _capabilities_key(endpoint), kept)
        return found

    async def capabilities(self, endpoint: ModelEndpoint) -> Capabilities | None:
        """What the server was found to be able to do; None where nobody asked it yet."""
        kept = await self._threads.database(self._store.preference, _capabilities_key(endpoint))
        return None if kept is None else capabilities_from_json(kept)

    async def client(self, endpoint: ModelEndpoint, keeper: CallKeeper, *, offline: bool) -> ModelClient:
        """A client of the endpoint; asks the server what it can do where nobody did yet.

        Args:
            endpoint: Which model.
            keeper: Stands around every call.
            offline: Only recorded answers are used: no server is asked anything.

        Raises:
            ModelUnavailableError: The server does not answer; says why.
        """
        found = (await self.capabilities(endpoint) or Capabilities()) if offline else await self._probed(endpoint)
        return (await self._servers()).client(endpoint, found, keeper)

    async def ready(self, endpoint: ModelEndpoint) -> None:
        """Make sure that a server which nobody asked yet answers, before anything is begun with it.

        Raises:
            ModelUnavailableError: It does not; says why.
        """
        await self._threads.run(self._probed(endpoint))

    async def _probed(self, endpoint: ModelEndpoint) -> Capabilities:
        """In the loop's own thread."""
        async with self._first:
            found = await self.capabilities(endpoint) or await self.test(endpoint)
        if found.problem:
            raise ModelUnavailableError(found.problem)
        return found

    async def find_key(self, base_url: str) -> Secret | None:
        """The key for a server, with where it was found."""
        return await self._threads.background(self._secrets.find, base_url)

    async def keep_key(self, base_url: str, value: str) -> Secret:
        """Keep a key for a server; the answer says where it is kept. An empty one is forgotten."""
        return await self._threads.background(self._secrets.keep, base_url, value)

    async def prompt_files(self) -> tuple[tuple[Prompt, str], ...]:
        """All prompts with the texts of their files, by name."""

        def read() -> tuple[tuple[Prompt, str], ...]:
            return tuple((prompt, self.prompts.text(prompt.name)) for prompt in self.prompts.all())

        return await self._threads.background(read)

    async def edit_prompt(self, name: str, text: str | None) -> Prompt:
        """Keep the user's own text of a prompt; None goes back to the one that is shipped."""
        if text is not None and not text.strip():
            raise UserError("an empty prompt says nothing; reset it to go back to the one that is shipped")
        return await self._threads.background(self.prompts.edit, name, text)

    def close(self) -> None:
        """Close the connections, and block until they are: at the end only."""
        if self._open_servers.cache_info().currsize:
            self._threads.in_loop(self._open_servers().close())

    async def _servers(self) -> ModelServers:
        return await self._threads.background(self._open_servers)


def _capabilities_key(endpoint: ModelEndpoint) -> str:
    return f"capabilities of {endpoint.model} at {endpoint.base_url}"
