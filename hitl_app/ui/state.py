"""What the panes show: one immutable state, made by the session, rendered by every pane.

Panes never talk to each other. They emit what a person asks for; the session answers with a new state.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from hitl_app.domain.codec import get_object, get_objects, get_optional_int, get_str, hunk_from_json, hunk_to_json
from hitl_app.domain.decision import VERDICTS
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.gate import Apart, AtDesk, Guiding, RunAtDesk
from hitl_app.ui.rating import RubricAtDesk
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.refinement import Candidate


class HunkVerdict(StrEnum):
    """What the person at the desk says of one hunk. Nothing is accepted by default."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


@dataclass(frozen=True)
class WorkingHunk:
    """A hunk on the desk: from a proposal, or by hand.

    Attributes:
        number: Its number in the proposal; None for a hunk by hand.
    """

    hunk: Hunk
    number: int | None
    verdict: HunkVerdict = HunkVerdict.PENDING

    @property
    def in_candidate(self) -> bool:
        """Whether the candidate that is tried contains it: all but the rejected ones."""
        return self.verdict is not HunkVerdict.REJECTED


@dataclass(frozen=True)
class Draft:
    """An unfinished review: what is saved as it is typed.

    Attributes:
        editing: Number of the working hunk in the editor, or None.
        text: The editor's text, also while it is not valid JSON.
    """

    hunks: tuple[WorkingHunk, ...] = ()
    proposal_id: str | None = None
    editing: int | None = None
    text: str = ""

    def to_json(self) -> JsonObject:
        """For the store."""
        return {
            "hunks": [{"hunk": hunk_to_json(w.hunk), "number": w.number, "verdict": w.verdict} for w in self.hunks],
            "proposal_id": self.proposal_id,
            "editing": self.editing,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Draft":
        """From the store."""
        hunks = tuple(
            WorkingHunk(
                hunk_from_json(get_object(item, "hunk")),
                get_optional_int(item, "number"),
                HunkVerdict(get_str(item, "verdict")),
            )
            for item in get_objects(value, "hunks")
        )
        proposal_id = value.get("proposal_id")
        return cls(
            hunks,
            proposal_id if isinstance(proposal_id, str) else None,
            get_optional_int(value, "editing"),
            get_str(value, "text", ""),
        )


class Activity(StrEnum):
    """What runs in the background for the open trajectory."""

    IDLE = "idle"
    OPENING = "opening"
    INSPECTING = "inspecting"
    PROPOSING = "proposing"
    ASKING = "asking"
    CONTINUING = "continuing"
    TRYING = "trying"
    VERIFYING = "verifying"
    SAVING = "saving"


@dataclass(frozen=True)
class DeskState:
    """Everything that the panes of one review show.

    Attributes:
        opened: The trajectory on the desk; None while the queue is empty.
        proposal: The proposal that the working hunks come from.
        draft: Working hunks and the editor's text.
        candidate: The newest candidate of the working hunks that was executed; None until then, or without hunks.
        stale: The candidate is older than the hunks: its losses are shown greyed while the new one runs.
        activity: What runs in the background.
        selected_step: Index of the selected step of the base.
        selected_hunk: Number of the selected working hunk.
        editor: How often the editor was opened: with another number it is another text.
        problem: What went wrong last, for the person to read; empty where nothing did.
        model_problem: The problem is one of the model: its settings may help.
        message: A short note on the last thing that worked, such as `Saved: approved`.
        run: What a run with a person at its gates holds at the desk.
        policy: What is hidden, and what comes first.
        judging: A proposal is held back until the annotator marks where the trajectory goes wrong.
        rubric: Its items, with what was answered for the open trajectory.
    """

    opened: Opened | None = None
    proposal: Proposal | None = None
    draft: Draft = Draft()
    candidate: Candidate | None = None
    stale: bool = False
    activity: Activity = Activity.IDLE
    selected_step: int | None = None
    selected_hunk: int | None = None
    editor: int = 0
    problem: str = ""
    model_problem: bool = False
    message: str = ""
    run: RunAtDesk = field(default_factory=RunAtDesk)
    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    judging: bool = False
    rubric: RubricAtDesk = field(default_factory=RubricAtDesk)

    @property
    def held(self) -> bool:
        """Whether a run works on the open lineage and asks here: then it decides by the answers to its questions."""
        return self.opened is not None and self.opened.row.root_id == self.run.root_id

    @property
    def question(self) -> AtDesk | None:
        """What a run asks about the open trajectory."""
        asked = self.run.question
        if self.opened is None or asked is None or isinstance(asked, Apart):
            return None
        return asked if asked.subject.id == self.opened.trajectory.id else None

    @property
    def locked(self) -> int:
        """How many steps at the start stay: as set at a gate, else up to the blame, else the validated prefix."""
        if self.opened is None:
            return 0
        asked = self.question
        if not isinstance(asked, Guiding):
            return self.opened.locked
        if self.run.locked is not None:
            return self.run.locked
        return asked.locked if self.opened.annotations.blame is None else self.opened.locked

    @property
    def hides_calls(self) -> bool:
        """Whether calls of models are hidden: they name the model, and hold what may not be seen yet."""
        if self.opened is None:
            return False
        undecided = self.opened.row.status not in VERDICTS
        unseen = self.judging or (self.asks_model and self.policy.judge_first and not self.opened.has_judged)
        return unseen or (self.policy.blind and undecided)

    @property
    def asks_model(self) -> bool:
        """Whether a model is at work for the open trajectory."""
        return self.activity in (Activity.ASKING, Activity.CONTINUING)

    @property
    def pending_hunks(self) -> int:
        """Number of hunks that nobody has decided on yet."""
        return sum(working.verdict is HunkVerdict.PENDING for working in self.draft.hunks)

    @property
    def can_approve(self) -> bool:
        """Whether there is an executed, fresh candidate that every hunk was decided for."""
        return self.candidate is not None and not self.stale and self.pending_hunks == 0
