"""Words for how well plans and their executions go together. They never say that either went well."""

from hitl_app.ui.translating import translate
from hitl_app.workflow.coordination import Coordination


def number_words(value: float | None) -> str:
    """A measure with two digits; a dash where nothing was measured."""
    return "–" if value is None else f"{value:.2f}"


def executable_words(alike: float | None, runs: int) -> str:
    """How alike a plan is executed each time (c_p), for a badge."""
    if alike is None:
        return translate("Coordination", "plan executable: not measured")
    return translate("Coordination", "plan executable: {0} of {1} runs").format(number_words(alike), runs)


def executable_reason(alike: float | None, runs: int) -> str:
    """What that says and does not say, or why it is not measured."""
    if alike is None:
        words = translate("Coordination", "Not measured: it takes two executions of a plan. Those of this one: {0}.")
        return words.format(runs)
    return translate(
        "Coordination",
        "c_p: how alike the {0} executions of this plan are, from 0 to 1. It is no measure of success: a good other "
        "way lowers it, too.",
    ).format(runs)


def followed_words(followed: float | None) -> str:
    """How far a trajectory follows its plan (c_tau), for a badge."""
    if followed is None:
        return translate("Coordination", "plan followed: not measured")
    return translate("Coordination", "plan followed: {0}").format(number_words(followed))


def followed_reason(followed: float | None) -> str:
    """What that says and does not say, or why it is not measured."""
    if followed is None:
        return translate("Coordination", "Not measured: nothing says which steps carry out which plan steps.")
    return translate(
        "Coordination",
        "c_tau: how far the plan's steps were carried out in their order, from 0 to 1, by the links below. It is no "
        "measure of success: a good other way lowers it, too.",
    )


def weight_words(measured: Coordination) -> str:
    """What an approved trajectory weighs in training; empty where nothing was measured."""
    weights = (
        (translate("Coordination", "executor {0}"), measured.executor_weight),
        (translate("Coordination", "planner {0}"), measured.planner_weight),
    )
    told = [words.format(number_words(weight)) for words, weight in weights if weight is not None]
    return translate("Coordination", "training weight: {0}").format(" · ".join(told)) if told else ""


def weight_reason() -> str:
    """What the weights are."""
    return translate(
        "Coordination",
        "What CoPE's training data counts it by: for an executor how far the plan was followed, for a planner how much "
        "more alike this plan is executed than the one before. It says nothing about success.",
    )
