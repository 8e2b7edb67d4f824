"""Words for revisions: what became of them, and their loss."""

from hitl_app.domain.ports import Revision
from hitl_app.ui.translating import translate
from hitl_app.ui.words import component_name, count_words


def is_refused(revision: Revision) -> bool:
    """Whether a revision was tried and not taken."""
    return revision.entry is not None and not revision.entry.decision.accepted


def is_overridden(revision: Revision) -> bool:
    """Whether a revision was taken against the rule."""
    return revision.entry is not None and not is_refused(revision) and revision.entry.decision.override


def outcome_words(revision: Revision) -> str:
    """What became of a revision."""
    if revision.entry is None:
        recorded = revision.number == 0
        return translate("Revisions", "recorded") if recorded else translate("Revisions", "undecided")
    if is_refused(revision):
        return translate("Revisions", "refused")
    return translate("Revisions", "override") if is_overridden(revision) else translate("Revisions", "accepted")


def outcome_glyph(revision: Revision) -> str:
    """The shape of its marker, as a character."""
    if revision.entry is None:
        return "○"
    if is_refused(revision):
        return "✕"
    return "◇" if is_overridden(revision) else "□"


def loss_words(revision: Revision) -> str:
    """The loss in words: the sum of the counts and the components that are not zero."""
    if revision.inspection is None:
        return translate("Revisions", "not inspected")
    losses = revision.inspection.losses
    lost = [f"{component_name(c)} {count_words(n)}" for c, n in losses.items() if n is not None and n.count]
    total = translate("Revisions", "loss {0}").format(losses.total)
    return f"{total} ({', '.join(lost)})" if lost else total
