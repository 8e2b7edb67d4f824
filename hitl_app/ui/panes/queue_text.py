"""Words and signs for a row of the queue: a status is never told by colour alone."""

from PySide6.QtCore import QCoreApplication

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueRow


def status_word(status: ReviewStatus) -> str:
    """The status for people."""
    return {
        ReviewStatus.PENDING: QCoreApplication.translate("Queue", "to do"),
        ReviewStatus.APPROVED: QCoreApplication.translate("Queue", "approved"),
        ReviewStatus.EDITED: QCoreApplication.translate("Queue", "edited"),
        ReviewStatus.REJECTED: QCoreApplication.translate("Queue", "rejected"),
        ReviewStatus.SKIPPED: QCoreApplication.translate("Queue", "skipped"),
        ReviewStatus.FLAGGED: QCoreApplication.translate("Queue", "flagged"),
    }[status]


def status_glyph(row: QueueRow) -> str:
    """One sign a status; what is still to do shows whether it was inspected and whether it holds."""
    if row.status is ReviewStatus.PENDING:
        if row.losses is None:
            return "○"
        return "◆" if row.verified else "●"
    return {
        ReviewStatus.APPROVED: "✓",
        ReviewStatus.EDITED: "✓",
        ReviewStatus.REJECTED: "✕",
        ReviewStatus.SKIPPED: "↷",
        ReviewStatus.FLAGGED: "⚑",
    }[row.status]


def meta_line(row: QueueRow) -> str:
    """Where the trajectory comes from, how long it is, and where it stands."""
    steps = QCoreApplication.translate("Queue", "{0} steps").format(row.steps)
    place = f"{row.environment} {row.domain}".strip()
    parts = [place, row.model, steps, status_word(row.status)]
    if row.synthetic:
        parts.append(QCoreApplication.translate("Queue", "synthetic"))
    return " · ".join(part for part in parts if part)


def loss_word(row: QueueRow) -> str:
    """The sum of the losses that were measured, for a badge; a dash where nothing was inspected."""
    return "–" if row.losses is None else str(row.losses.total)


def describe_row(row: QueueRow) -> str:
    """The whole row in one line, for a screen reader."""
    if row.losses is None:
        loss = QCoreApplication.translate("Queue", "not inspected")
    else:
        loss = QCoreApplication.translate("Queue", "loss {0}").format(row.losses.total)
    return f"{row.title}, {meta_line(row)}, {loss}"
