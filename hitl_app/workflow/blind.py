"""What a blind annotator is shown of a trajectory: nothing that others decided, and nobody's name.

What the rules of a run accepted is nobody's decision, and stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.decision import AUTOMATIC, DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.following import links_left
from hitl_app.domain.inspection import GradientSource, Inspection
from hitl_app.domain.library import QueueRow
from hitl_app.domain.ports import Revision
from hitl_app.domain.query import Field
from hitl_app.domain.trajectory import Trajectory
from hitl_app.workflow.opened import AUTHOR, Opened

HIDDEN_NAMES: frozenset[Field] = frozenset({"model", "file"})
"""Fields that a blind annotator cannot ask by: what they find would tell the names that are hidden."""

HIDDEN_FIELDS: frozenset[Field] = HIDDEN_NAMES | {"by"}
"""Fields of the query language whose values are not offered to a blind annotator."""


def visible_to(viewer: str, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """The entries of a lineage that a blind annotator may see; all of them for an empty `viewer`."""
    return [entry for entry in entries if not viewer or entry.decision.annotator in (viewer, AUTOMATIC)]


def blinded_row(row: QueueRow) -> QueueRow:
    """The row without the names of the model and of the file, which often tells the model."""
    return replace(row, model="", file="")


def blinded(opened: Opened, viewer: str, entries: Sequence[LedgerEntry]) -> Opened:
    """A trajectory as one annotator may see it.

    Args:
        opened: With the row as the viewer sees it, and everything else.
        viewer: Whose own decisions, gradients, revisions and draft stay.
        entries: All entries of the lineage.

    Raises:
        UserError: The trajectory itself is somebody else's revision.
    """
    visible = visible_to(viewer, entries)
    revisions = _revisions(opened.revisions, viewer, visible)
    if opened.trajectory.id not in {revision.trajectory.id for revision in revisions}:
        raise UserError("this revision is somebody else's: it is hidden as long as you review blind")
    annotations = Annotations.of(opened.trajectory.id, visible)
    known = {revision.trajectory.id: revision.trajectory for revision in opened.revisions}
    draft = opened.draft
    return replace(
        opened,
        row=replace(blinded_row(opened.row), revisions=len(revisions) - 1),
        trajectory=_nameless(opened.trajectory, viewer),
        inspection=None if opened.inspection is None else _without_others(opened.inspection, annotations),
        annotations=annotations,
        revisions=revisions,
        draft=draft if draft is not None and draft.get(AUTHOR, viewer) == viewer else None,
        standings=(),
        links=links_left(opened.trajectory, known, visible),
        blind=True,
    )


def _revisions(revisions: Iterable[Revision], viewer: str, visible: Sequence[LedgerEntry]) -> tuple[Revision, ...]:
    """The recording, and what the viewer or the rules judged, counted anew, each with the newest of their entries."""
    undone = {entry.decision.undoes for entry in visible}
    judged: dict[str, LedgerEntry | None] = {}
    for entry in visible:
        candidate_id = entry.decision.candidate_id
        if candidate_id is not None and entry.decision.kind is not DecisionKind.UNDO:
            judged[candidate_id] = judged.get(candidate_id) if entry.sequence in undone else entry
    kept = [revision for revision in revisions if not revision.number or revision.trajectory.id in judged]
    return tuple(
        Revision(
            number,
            _nameless(revision.trajectory, viewer),
            None if revision.inspection is None else _without_others(revision.inspection, None),
            judged.get(revision.trajectory.id) if number else None,
        )
        for number, revision in enumerate(kept)
    )


def _nameless(trajectory: Trajectory, viewer: str) -> Trajectory:
    """The same trajectory, by the same id, without the names that came with its recording or of its maker."""
    source = trajectory.source
    if source is not None:
        source = replace(source, file="", model="", extra={})
    return replace(trajectory, source=source, author=viewer if trajectory.author == viewer else "")


def _without_others(inspection: Inspection, annotations: Annotations | None) -> Inspection:
    """Without the gradients of people, but for the viewer's own on this trajectory."""
    own = {gradient.id for gradient in annotations.added} if annotations is not None else set()
    kept = tuple(g for g in inspection.gradients if g.source is not GradientSource.HUMAN or g.id in own)
    return replace(inspection, gradients=kept)
