"""Words for links: which step carries out which plan step, who says so, and how sure that is."""

from hitl_app.domain.following import AlignedStep, LinkSource
from hitl_app.ui.translating import translate
from hitl_app.workflow.opened import Opened

UNSURE = 0.75
"""Confidence of a link below which a step says how sure it is."""


def plan_step_words(opened: Opened, number: int, steps: range) -> str:
    """How a plan step goes with steps that stand under it; empty where the recording links them with certainty."""
    links = [link for index in steps if (link := opened.alignment.links.get(index)) is not None]
    if not links:
        found = opened.alignment.rows[number]
        if found.step is None:
            return ""
        return translate("Plan", "by its words like step {0}, {1} %").format(found.step, _percent(found))
    words = []
    if any(link.source is LinkSource.HUMAN for link in links):
        words.append(translate("Plan", "linked by hand"))
    unsure = [link for link in links if link.sure < 1]
    if unsure:
        least = min(unsure, key=lambda link: link.sure)
        words.append(translate("Plan", "at least {0} % sure").format(_percent(least)))
    return ", ".join(words)


def step_words(opened: Opened, index: int) -> str:
    """What a step carries out, where its place under a plan step does not say it."""
    alignment = opened.alignment
    link = alignment.links.get(index)
    if index in opened.links:
        if link is None:
            return translate("Plan", "no plan step, by hand")
        return translate("Plan", "plan step {0}, by hand").format(link.plan_step + 1)
    if link is not None:
        return translate("Plan", "link {0} %").format(_percent(link)) if link.sure < UNSURE else ""
    step = opened.trajectory.steps[index]
    if not step.is_action or step.role != "assistant":
        return ""
    like = next((row for row in alignment.rows if row.step == index), None)
    if like is not None:
        return translate("Plan", "by its words like plan step {0}, {1} %").format(like.plan_step + 1, _percent(like))
    return translate("Plan", "no plan step") if index < max(alignment.links, default=-1) else ""


def _percent(link: AlignedStep) -> int:
    return round(100 * link.sure)
