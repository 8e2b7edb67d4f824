"""Proposals: hunks over a base, a new plan, or both, with who made them and what that cost."""

from dataclasses import dataclass, field
from functools import cached_property

from hitl_app.domain.hunk import Hunk
from hitl_app.domain.jsontypes import Json, JsonObject, content_hash
from hitl_app.domain.loss import LossVector
from hitl_app.domain.replan import Replan


@dataclass(frozen=True, slots=True)
class Cost:
    """What a proposal cost.

    Attributes:
        executions: Candidates that were executed.
        actions: Actions that those executions ran.
        seconds: Wall time.
        calls: Model calls.
        tokens_in: Prompt tokens.
        tokens_out: Completion tokens.
        usd: Price in US dollars; None where a price is not known.
        measured: The server counted all of the tokens; False where some were estimated.
    """

    executions: int = 0
    actions: int = 0
    seconds: float = 0.0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = None
    measured: bool = True


@dataclass(frozen=True)
class Proposal:
    """A proposed revision of a base trajectory.

    Attributes:
        proposer: Name and version, such as `repair/1`.
        losses: The candidate's losses when the proposer executed it with all hunks; None where it did not.
        tried: What was tried, one line each, for people.
        settings: Parameters that the proposer ran with.
        replan: A new plan; None leaves the plan as it is.
    """

    base_id: str
    hunks: tuple[Hunk, ...]
    proposer: str
    cost: Cost = Cost()
    losses: LossVector | None = None
    tried: tuple[str, ...] = ()
    settings: JsonObject = field(default_factory=dict)
    replan: Replan | None = None

    @cached_property
    def id(self) -> str:
        """Content hash over base, proposer, hunks and plan: the same proposal made twice is one proposal."""
        hunks = [[h.operator, h.start, h.end, h.to, [s.key for s in h.after], list(h.gradient_ids)] for h in self.hunks]
        content: list[Json] = [self.base_id, self.proposer, hunks]
        if self.replan is not None:
            plan = [[item.step, item.reasoning, item.expected_outcome] for item in self.replan.plan]
            content.append([self.replan.at, plan, [list(link) for link in self.replan.links]])
        return content_hash(content)
