"""Words and signs for a row of the queue: a status is never told by colour alone."""

from pathlib import PurePath

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueRow
from hitl_app.ui.translating import translate

FILE_NAME = 24
"""Characters of a file's name in a row; longer ones lose their middle, because their ends tell runs apart."""


def status_word(status: ReviewStatus) -> str:
    """The status for people."""
    return {
        ReviewStatus.PENDING: translate("Queue", "to do"),
        ReviewStatus.APPROVED: translate("Queue", "approved"),
        ReviewStatus.EDITED: translate("Queue", "edited"),
        ReviewStatus.REJECTED: translate("Queue", "rejected"),
        ReviewStatus.SKIPPED: translate("Queue", "skipped"),
        ReviewStatus.FLAGGED: translate("Queue", "flagged"),
        ReviewStatus.DISPUTED: translate("Queue", "disputed"),
    }[status]


def status_glyph(row: QueueRow) -> str:
    """One sign a status; what is still to do shows whether it was inspected and whether it holds."""
    if row.status is ReviewStatus.PENDING:
        if row.losses is None:
            return "○"
        return "?" if row.verified is None else "◆" if row.verified else "●"
    return {
        ReviewStatus.APPROVED: "✓",
        ReviewStatus.EDITED: "✓",
        ReviewStatus.REJECTED: "✕",
        ReviewStatus.SKIPPED: "↷",
        ReviewStatus.FLAGGED: "⚑",
        ReviewStatus.DISPUTED: "≠",
    }[row.status]


def meta_line(row: QueueRow) -> str:
    """Where the trajectory comes from, how long it is, and where it stands.

    A run of a model that is not known goes by its file's name, and a repeated one tells which trial it was.
    """
    steps = translate("Queue", "{0} steps").format(row.steps)
    place = f"{row.environment} {row.domain}".strip()
    trial = translate("Queue", "trial {0}").format(row.trial) if row.trial else ""
    parts = [place, trial, row.model or _short(_file_name(row)), steps, status_word(row.status)]
    if row.synthetic:
        parts.append(translate("Queue", "synthetic"))
    return " · ".join(part for part in parts if part)


def loss_word(row: QueueRow) -> str:
    """The sum of the losses that were measured, for a badge; a dash where nothing was inspected."""
    return "–" if row.losses is None else str(row.losses.total)


def describe_row(row: QueueRow) -> str:
    """The whole row in one line with the file that it comes from: for a tooltip and a screen reader."""
    if row.losses is None:
        loss = translate("Queue", "not inspected")
    else:
        loss = translate("Queue", "loss {0}").format(row.losses.total)
    return ", ".join(filter(None, (row.title, meta_line(row), loss, _file_name(row))))


def _file_name(row: QueueRow) -> str:
    """The name of the file that the run was recorded in; its place in it, where it is not the first."""
    name = PurePath(row.file.replace("\\", "/")).stem
    return f"{name} #{row.index + 1}" if name and row.index else name


def _short(name: str) -> str:
    half = FILE_NAME // 2
    return name if len(name) <= FILE_NAME else f"{name[: half - 1]}…{name[-half:]}"
