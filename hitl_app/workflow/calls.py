"""Stands around every model call of a run: answers it from the record, admits it under the budget, keeps it.

A call is found again by the content of its question. That is how an interrupted run goes on without paying twice, and
how a run is replayed without a network.
"""

from collections.abc import Callable, Mapping

from hitl_app.domain.model import ModelAnswer, ModelCall, ModelRequest, NotOnRecordError
from hitl_app.domain.ports import ModelClient, OnText, Store
from hitl_app.refine.budget import Account
from hitl_app.workflow.threads import Threads


class RunKeeper:
    """Implements `domain.ports.CallKeeper` for one task of a run."""

    def __init__(
        self,
        *,
        store: Store,
        threads: Threads,
        run_id: str,
        account: Account,
        on_call: Callable[[ModelCall], None],
        answers: Mapping[str, ModelCall] | None = None,
    ) -> None:
        """Stand around the calls of one task.

        Args:
            store: Where calls are kept.
            threads: Where the store runs.
            run_id: The run that the calls belong to.
            account: What the calls count in.
            on_call: Told of every call, recalled ones too.
            answers: Recorded calls by key; where they are given, no server is asked.
        """
        self._store = store
        self._threads = threads
        self._run_id = run_id
        self._account = account
        self._on_call = on_call
        self._answers = answers
        self._added: set[str] = set()

    async def recall(self, key: str) -> ModelCall | None:
        """The call of this run with that key, else the one among the given answers."""
        known = await self._threads.database(self._store.find_call, self._run_id, key)
        if known is not None or self._answers is None:
            return known
        answer = self._answers.get(key)
        if answer is None:
            return None
        # It belongs to this run's record as well, so that the run can be resumed and exported like any other.
        await self._threads.record(self._store.save_call, self._run_id, answer)
        self._added.add(key)
        return answer

    async def admit(self, tokens_in: int, max_tokens: int) -> int:
        """Reserve a call under the budget. A replay ends at a ceiling where the recorded run did: it comes first."""
        allowed = await self._account.admit(tokens_in, max_tokens)
        if self._answers is not None:
            self._account.release(tokens_in, allowed)
            raise NotOnRecordError("no recorded answer fits this request, and no server may be asked")
        return allowed

    def release(self, tokens_in: int, max_tokens: int) -> None:
        """Give back what was reserved."""
        self._account.release(tokens_in, max_tokens)

    async def keep(self, call: ModelCall, *, recalled: bool = False) -> None:
        """Count a call and put it on record.

        A task counts what it recalls, as if it had asked; the run, whose ceilings are those of its whole record, counts
        each call on its record once.
        """
        self._account.count(call.usage, again=recalled and call.key not in self._added)
        self._added.discard(call.key)
        if not recalled:
            await self._threads.record(self._store.save_call, self._run_id, call)
        self._on_call(call)


class TimelyClient:
    """Implements `domain.ports.ModelClient`: a call that is under way ends with the wall time of its account."""

    def __init__(self, client: ModelClient, account: Account) -> None:
        self._client = client
        self._account = account

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer, where it comes in time."""
        return await self._account.in_time(self._client.ask(request, on_text))
