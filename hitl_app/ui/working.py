"""Changes of a draft: verdicts on hunks, and edits by hand turned into hunks. Pure functions.

All hunks of a draft speak in steps of the base. A step that a working hunk already takes out is never changed by
a second hunk: an edit by hand then edits that hunk.
"""

from collections.abc import Sequence
from dataclasses import replace

from hitl_app.domain.diff import change_operator, diff_steps
from hitl_app.domain.hunk import Hunk, Operator, apply_hunks
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import Replan
from hitl_app.domain.trajectory import Step, action, message
from hitl_app.ui.state import Draft, HunkVerdict, WorkingHunk

BLANK_CALL, BLANK_MESSAGE = action("", {}), message("")
"""What an insertion starts with. It is not tried until something is written into it."""


def changes(draft: Draft) -> tuple[Hunk, ...]:
    """The hunks that the candidate is made of: not rejected, and changing something."""
    return tuple(working.hunk for working in _effective(draft))


def replan_of(draft: Draft, proposal: Proposal | None) -> Replan | None:
    """The new plan of a proposal with hunks, as long as any of those is kept; it goes with them."""
    if proposal is None or proposal.id != draft.proposal_id:
        return None
    return proposal.replan if any(w.number is not None and w.in_candidate for w in draft.hunks) else None


def kept(draft: Draft) -> tuple[int, ...]:
    """Numbers of the proposal's hunks that were kept unchanged."""
    return tuple(sorted(w.number for w in draft.hunks if w.number is not None and w.verdict is HunkVerdict.ACCEPTED))


def author(draft: Draft, annotator: str, proposal: Proposal | None) -> str:
    """Who made the candidate: the annotator where any of it was made or edited by hand, else the proposer."""
    by_hand = any(w.number is None or w.verdict is HunkVerdict.EDITED for w in _effective(draft))
    return annotator if by_hand or proposal is None else proposal.proposer


def same_hunks(left: Sequence[Hunk], right: Sequence[Hunk]) -> bool:
    """Whether both make the same candidate. By keys of steps: for `==` of Python, 1 is true."""
    return [_identity(hunk) for hunk in left] == [_identity(hunk) for hunk in right]


def covering(draft: Draft, step: int) -> int | None:
    """Number of the working hunk that takes a step of the base out; None where it stays."""
    return next(
        (n for n, w in enumerate(draft.hunks) if w.in_candidate and w.hunk.start <= step < w.hunk.end),
        None,
    )


def next_pending(draft: Draft, after: int) -> int | None:
    """Number of the next hunk that nobody has decided on, from `after` on and then from the start."""
    count = len(draft.hunks)
    numbers = [(after + offset) % count for offset in range(count)]
    return next((n for n in numbers if draft.hunks[n].verdict is HunkVerdict.PENDING), None)


def decided(draft: Draft, number: int, verdict: HunkVerdict) -> Draft:
    """Give a verdict on one hunk. A hunk by hand that is rejected is gone: its maker took it back.

    Accepting leaves a hunk that was edited marked as edited.
    """
    working = draft.hunks[number]
    if working.number is None and verdict is HunkVerdict.REJECTED:
        return without(draft, number)
    if working.verdict is HunkVerdict.EDITED and verdict is HunkVerdict.ACCEPTED:
        return draft
    return _with(draft, number, replace(working, verdict=verdict))


def all_accepted(draft: Draft) -> Draft:
    """Accept every hunk that nobody has decided on."""
    for number, working in enumerate(draft.hunks):
        if working.verdict is HunkVerdict.PENDING:
            draft = decided(draft, number, HunkVerdict.ACCEPTED)
    return draft


def without(draft: Draft, number: int) -> Draft:
    """Take one hunk off the desk."""
    hunks = (*draft.hunks[:number], *draft.hunks[number + 1 :])
    if draft.editing is None or draft.editing < number:
        return replace(draft, hunks=hunks)
    if draft.editing == number:
        return replace(draft, hunks=hunks, editing=None, text="")
    return replace(draft, hunks=hunks, editing=draft.editing - 1)


def step_opened(draft: Draft, base: Sequence[Step], step: int) -> tuple[Draft, int]:
    """The hunk in which a step can be edited, made where there is none; returns its number as well."""
    number = covering(draft, step)
    if number is not None:
        return draft, number
    old = base[step]
    return _added(draft, Hunk(Operator.REPLACE, step, step + 1, (old,), (old,)))


def step_inserted(draft: Draft, at: int, blank: Step = BLANK_CALL) -> tuple[Draft, int]:
    """A new, still blank step in front of a step of the base."""
    return _added(draft, Hunk(Operator.INSERT, at, at, (), (blank,)))


def step_deleted(draft: Draft, base: Sequence[Step], step: int) -> tuple[Draft, int]:
    """Take a step of the base out."""
    number = covering(draft, step)
    if number is None:
        return _added(draft, Hunk(Operator.DELETE, step, step + 1, (base[step],), ()))
    hunk = draft.hunks[number].hunk
    return _edited(draft, number, replace(hunk, operator=Operator.DELETE, after=(), to=None)), number


def step_moved(draft: Draft, base: Sequence[Step], step: int, to: int) -> tuple[Draft, int | None]:
    """Move a step in front of step `to` of the base; a hunk by hand that then changes nothing is dropped."""
    number = covering(draft, step)
    if number is None:
        draft, number = _added(draft, Hunk(Operator.MOVE, step, step + 1, (base[step],), (base[step],), to=to))
    hunk = draft.hunks[number].hunk
    hunk = replace(hunk, after=hunk.after or hunk.before)  # what was taken out comes back where it is moved to
    stays = hunk.start <= to <= hunk.end
    operator = _operator(hunk, hunk.after) if stays else Operator.MOVE
    draft = _edited(draft, number, replace(hunk, operator=operator, to=None if stays else to))
    if draft.hunks[number].number is None and not _changes_something(draft.hunks[number].hunk):
        return without(draft, number), None
    return draft, number


def step_written(draft: Draft, number: int, step: Step) -> Draft:
    """Put a step, as written by hand, in the place of what a hunk put in."""
    hunk = draft.hunks[number].hunk
    operator = hunk.operator if hunk.operator is Operator.MOVE else _operator(hunk, (step,))
    return _edited(draft, number, replace(hunk, operator=operator, after=(step,)))


def step_in_editor(hunk: Hunk) -> Step | None:
    """The one step that an editor shows for a hunk; None where a hunk holds several."""
    shown = hunk.after or hunk.before
    return shown[0] if len(shown) == 1 else None


def step_edited(hunk: Hunk) -> Step:
    """The step that a text in the editor is read against: that of the base where it is of the same kind.

    Text that is typed back to what the base says is then no change at all.
    """
    shown = (hunk.after or hunk.before)[0]
    return hunk.before[0] if len(hunk.before) == 1 and hunk.before[0].kind is shown.kind else shown


def editing_ended(draft: Draft) -> Draft:
    """Close the editor. A hunk by hand that changes nothing is dropped."""
    number = draft.editing
    draft = replace(draft, editing=None, text="")
    if number is None or draft.hunks[number].number is not None:
        return draft
    return draft if _changes_something(draft.hunks[number].hunk) else without(draft, number)


def with_proposal(draft: Draft, proposal: Proposal) -> Draft:
    """Put a new proposal's hunks on the desk, all undecided.

    What a person already accepted or made stays, counts as theirs, and wins over a new hunk on the same step.
    """
    mine = tuple(
        replace(w, number=None, verdict=HunkVerdict.EDITED)
        for w in draft.hunks
        if w.verdict in (HunkVerdict.ACCEPTED, HunkVerdict.EDITED)
    )
    taken = {index for w in mine for index in range(w.hunk.start, w.hunk.end)}
    known = {_identity(w.hunk) for w in mine}
    new = tuple(
        WorkingHunk(hunk, number)
        for number, hunk in enumerate(proposal.hunks)
        if taken.isdisjoint(range(hunk.start, hunk.end)) and _identity(hunk) not in known
    )
    return Draft((*mine, *new), proposal.id)


def decided_on(base: Sequence[Step], judged: Sequence[Step], proposal: Proposal | None, kept: Sequence[int]) -> Draft:
    """The draft of a decision on record: the proposal's hunks where they made what was judged, else edits by hand.

    Args:
        base: Steps of the trajectory that was decided on.
        judged: Those of the candidate.
        proposal: What the decision names.
        kept: Numbers of its hunks that were kept.
    """
    wanted = [step.key for step in judged]
    if proposal is not None:
        verdicts = [HunkVerdict.ACCEPTED if n in kept else HunkVerdict.REJECTED for n in range(len(proposal.hunks))]
        marked = zip(proposal.hunks, range(len(proposal.hunks)), verdicts, strict=True)
        decided = Draft(tuple(WorkingHunk(*each) for each in marked), proposal.id)
        for draft in (decided, with_proposal(Draft(), proposal)):
            if [step.key for step in apply_hunks(base, changes(draft)).steps] == wanted:
                return draft
    by_hand = (WorkingHunk(hunk, None, HunkVerdict.EDITED) for hunk in diff_steps(base, judged))
    return Draft(tuple(by_hand), proposal.id if proposal is not None else None)


def _effective(draft: Draft) -> tuple[WorkingHunk, ...]:
    return tuple(w for w in draft.hunks if w.in_candidate and _changes_something(w.hunk))


def _changes_something(hunk: Hunk) -> bool:
    if any(not step.tool and not step.text for step in hunk.after):
        return False
    moved = not hunk.start <= hunk.at <= hunk.end
    return moved or [step.key for step in hunk.before] != [step.key for step in hunk.after]


def _identity(hunk: Hunk) -> tuple[int, int, int, tuple[str, ...]]:
    return hunk.start, hunk.end, hunk.at, tuple(step.key for step in hunk.after)


def _operator(hunk: Hunk, after: tuple[Step, ...]) -> Operator:
    if not hunk.before:
        return Operator.INSERT
    if len(hunk.before) == len(after) == 1:
        return change_operator(hunk.before[0], after[0])
    return Operator.REPLACE


def _added(draft: Draft, hunk: Hunk) -> tuple[Draft, int]:
    hunks = (*draft.hunks, WorkingHunk(hunk, None, HunkVerdict.EDITED))
    return replace(draft, hunks=hunks), len(hunks) - 1


def _edited(draft: Draft, number: int, hunk: Hunk) -> Draft:
    return _with(draft, number, replace(draft.hunks[number], hunk=hunk, verdict=HunkVerdict.EDITED))


def _with(draft: Draft, number: int, working: WorkingHunk) -> Draft:
    return replace(draft, hunks=(*draft.hunks[:number], working, *draft.hunks[number + 1 :]))
