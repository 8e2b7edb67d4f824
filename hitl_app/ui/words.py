"""Words for the domain's names, so that every pane says the same thing in the same language."""

from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.hunk import Operator
from hitl_app.domain.inspection import Dependency, DependencyKind, FindingKind, GradientSource, Inspection
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.model import Purpose, Usage
from hitl_app.domain.outcome import SUCCESS, Disagreement
from hitl_app.domain.run import GateName, Stage
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate

_COMPONENTS = {
    Component.HARD_CONSTRAINTS: QT_TRANSLATE_NOOP("Words", "hard constraints"),
    Component.GOAL: QT_TRANSLATE_NOOP("Words", "goal"),
    Component.FEASIBILITY: QT_TRANSLATE_NOOP("Words", "feasibility"),
    Component.SOFT_CONSTRAINTS: QT_TRANSLATE_NOOP("Words", "soft constraints"),
    Component.DISCREPANCY: QT_TRANSLATE_NOOP("Words", "discrepancy"),
}
_SOURCES = {
    GradientSource.ENVIRONMENT: QT_TRANSLATE_NOOP("Words", "environment"),
    GradientSource.CHECKER: QT_TRANSLATE_NOOP("Words", "checker"),
    GradientSource.MODEL: QT_TRANSLATE_NOOP("Words", "model"),
    GradientSource.HUMAN: QT_TRANSLATE_NOOP("Words", "person"),
}
_KINDS = {
    FindingKind.GOAL: QT_TRANSLATE_NOOP("Words", "goal"),
    FindingKind.HARD: QT_TRANSLATE_NOOP("Words", "hard constraint"),
    FindingKind.SOFT: QT_TRANSLATE_NOOP("Words", "soft constraint"),
}
_OPERATORS = {
    Operator.REPLACE: QT_TRANSLATE_NOOP("Words", "replace {0}"),
    Operator.INSERT: QT_TRANSLATE_NOOP("Words", "insert before {0}"),
    Operator.DELETE: QT_TRANSLATE_NOOP("Words", "delete {0}"),
    Operator.MOVE: QT_TRANSLATE_NOOP("Words", "move {0}"),
    Operator.SET_ARGUMENT: QT_TRANSLATE_NOOP("Words", "arguments of {0}"),
    Operator.REGENERATE_SUFFIX: QT_TRANSLATE_NOOP("Words", "regenerate {0}"),
}
_RULES = {
    "improves": ("success", "✓", QT_TRANSLATE_NOOP("Words", "improves")),
    "lateral": ("warning", "=", QT_TRANSLATE_NOOP("Words", "lateral move")),
    "equal": ("warning", "=", QT_TRANSLATE_NOOP("Words", "equal")),
    "worse": ("danger", "▲", QT_TRANSLATE_NOOP("Words", "worse")),
    "breaks_hard_constraint": ("danger", "✕", QT_TRANSLATE_NOOP("Words", "breaks a hard constraint")),
    "not_comparable": ("warning", "?", QT_TRANSLATE_NOOP("Words", "not comparable")),
    "plan_only": ("success", "✓", QT_TRANSLATE_NOOP("Words", "the plan alone")),
    "as_is": ("success", "✓", QT_TRANSLATE_NOOP("Words", "as it is")),
}
_DECISIONS = {
    DecisionKind.ACCEPT: QT_TRANSLATE_NOOP("Words", "approval"),
    DecisionKind.EDIT: QT_TRANSLATE_NOOP("Words", "approval with edits"),
    DecisionKind.REJECT: QT_TRANSLATE_NOOP("Words", "rejection"),
    DecisionKind.SKIP: QT_TRANSLATE_NOOP("Words", "skip"),
    DecisionKind.FLAG: QT_TRANSLATE_NOOP("Words", "flag"),
    DecisionKind.UNDO: QT_TRANSLATE_NOOP("Words", "undo"),
    DecisionKind.CONFIRM_BLAME: QT_TRANSLATE_NOOP("Words", "confirmed gradient"),
    DecisionKind.MOVE_BLAME: QT_TRANSLATE_NOOP("Words", "moved blame"),
    DecisionKind.DISMISS_GRADIENT: QT_TRANSLATE_NOOP("Words", "dismissed gradient"),
    DecisionKind.ADD_GRADIENT: QT_TRANSLATE_NOOP("Words", "added gradient"),
    DecisionKind.VERIFY: QT_TRANSLATE_NOOP("Words", "full replay"),
    DecisionKind.RESTORE: QT_TRANSLATE_NOOP("Words", "return to a revision"),
    DecisionKind.JUDGE: QT_TRANSLATE_NOOP("Words", "judgement before the proposal"),
    DecisionKind.RATE: QT_TRANSLATE_NOOP("Words", "answer to the rubric"),
    DecisionKind.LINK: QT_TRANSLATE_NOOP("Words", "link to the plan"),
    DecisionKind.SCORE: QT_TRANSLATE_NOOP("Words", "score"),
    DecisionKind.CLASSIFY: QT_TRANSLATE_NOOP("Words", "class of failures"),
}
_PLACES = {
    "task": QT_TRANSLATE_NOOP("Words", "the task: instruction, policy, what is known of the user; never the answer"),
    "task_again": QT_TRANSLATE_NOOP("Words", "the task once more, behind what is long"),
    "tools": QT_TRANSLATE_NOOP("Words", "the tools with their parameters"),
    "plan": QT_TRANSLATE_NOOP("Words", "the plan's steps"),
    "steps": QT_TRANSLATE_NOOP("Words", "the steps with what came of them"),
    "gradients": QT_TRANSLATE_NOOP("Words", "the textual gradients, without what reveals the answer"),
    "losses": QT_TRANSLATE_NOOP("Words", "the five losses"),
    "findings": QT_TRANSLATE_NOOP("Words", "what was judged, and whether it is met"),
    "requirements": QT_TRANSLATE_NOOP("Words", "the requirements, one a line"),
    "locked": QT_TRANSLATE_NOOP("Words", "how many steps at the start stay as they are"),
    "attempts": QT_TRANSLATE_NOOP("Words", "earlier proposals that were not taken, and why"),
    "lookups": QT_TRANSLATE_NOOP("Words", "what the model looked up, with the answers"),
    "most_lookups": QT_TRANSLATE_NOOP("Words", "how many look-ups may be asked for at once"),
    "rounds": QT_TRANSLATE_NOOP("Words", "how many rounds of look-ups are left"),
    "most": QT_TRANSLATE_NOOP("Words", "the greatest number of answers"),
    "notes": QT_TRANSLATE_NOOP("Words", "feedback on earlier attempts, where there is any"),
    "scenario": QT_TRANSLATE_NOOP("Words", "what the user knows and wants"),
    "conversation": QT_TRANSLATE_NOOP("Words", "what was said so far"),
    "actions": QT_TRANSLATE_NOOP("Words", "numbers of the actions that a plan has to name"),
    "faults": QT_TRANSLATE_NOOP("Words", "what was wrong with the last answer"),
    "stop": QT_TRANSLATE_NOOP("Words", "the word that ends the conversation"),
}
_PURPOSES = {
    Purpose.PLAN: QT_TRANSLATE_NOOP("Words", "plan"),
    Purpose.REPLAN: QT_TRANSLATE_NOOP("Words", "plan anew"),
    Purpose.GROUND: QT_TRANSLATE_NOOP("Words", "write the plan of what was done"),
    Purpose.ACT: QT_TRANSLATE_NOOP("Words", "act"),
    Purpose.CRITIQUE: QT_TRANSLATE_NOOP("Words", "criticise"),
    Purpose.EVOLVE: QT_TRANSLATE_NOOP("Words", "propose"),
    Purpose.VERIFY: QT_TRANSLATE_NOOP("Words", "verify"),
    Purpose.JUDGE: QT_TRANSLATE_NOOP("Words", "judge"),
    Purpose.USER: QT_TRANSLATE_NOOP("Words", "speak as the user"),
    Purpose.FEEDBACK: QT_TRANSLATE_NOOP("Words", "give feedback"),
    Purpose.REFLECT: QT_TRANSLATE_NOOP("Words", "reflect"),
    Purpose.EXPAND: QT_TRANSLATE_NOOP("Words", "make new tasks"),
    Purpose.CLASSIFY: QT_TRANSLATE_NOOP("Words", "classify"),
    Purpose.TEST: QT_TRANSLATE_NOOP("Words", "test"),
}
_STAGES = {
    "plan": QT_TRANSLATE_NOOP("Words", "plan"),
    "inspect": QT_TRANSLATE_NOOP("Words", "inspect"),
    "evolve": QT_TRANSLATE_NOOP("Words", "evolve"),
    "accept": QT_TRANSLATE_NOOP("Words", "accept"),
    "verify": QT_TRANSLATE_NOOP("Words", "verify"),
    "route": QT_TRANSLATE_NOOP("Words", "route"),
}
_ROLES = {
    "user": QT_TRANSLATE_NOOP("Words", "user"),
    "assistant": QT_TRANSLATE_NOOP("Words", "agent"),
    "system": QT_TRANSLATE_NOOP("Words", "system"),
}


def _translated(source: str) -> str:
    return translate("Words", source)


def component_name(component: Component) -> str:
    """A component of the loss, in the plural where it counts several things."""
    return _translated(_COMPONENTS[component])


def source_name(source: GradientSource) -> str:
    """Who wrote a gradient."""
    return _translated(_SOURCES[source])


def kind_name(kind: FindingKind) -> str:
    """What a finding is about."""
    return _translated(_KINDS[kind])


def role_name(role: str) -> str:
    """Who speaks; a role that is not known stays as it is."""
    return _translated(_ROLES[role]) if role in _ROLES else role


def stage_name(stage: Stage | GateName) -> str:
    """A stage of the loop, or the gate behind it."""
    return _translated(_STAGES[stage.value])


def decision_name(kind: DecisionKind) -> str:
    """A kind of decision, as a noun."""
    return _translated(_DECISIONS[kind])


def operator_name(operator: Operator, start: int, end: int) -> str:
    """What a hunk does to which steps, such as `replace 13` or `delete 4–6`."""
    where = str(start) if end - start <= 1 else f"{start}–{end - 1}"
    return _translated(_OPERATORS[operator]).format(where)


def rule_words(rule: str) -> tuple[str, str]:
    """Tone, and glyph with words, for an answer of the rule of acceptance."""
    tone, glyph, words = _RULES[rule]
    return tone, f"{glyph} {_translated(words)}"


def rule_reason(rule: str, best: Inspection, candidate: Inspection) -> str:
    """Why the rule of acceptance answers so: what is broken, or what became of the losses."""
    if rule == "not_comparable":
        return translate("Words", "the losses cannot be compared: they do not measure the same components")
    if rule == "breaks_hard_constraint":
        return translate("Words", "violates what held before: {0}").format(", ".join(candidate.broken_since(best)))
    if rule == "equal":
        return translate("Words", "the loss is equal: accepted only as a lateral move")
    changes = []
    for component, before in best.losses.items():
        after = candidate.losses[component]
        if before is not None and after is not None and before.count != after.count:
            changes.append(f"{component_name(component)} {before.count} → {after.count}")
    return ", ".join(changes) or translate("Words", "no component changed")


def verified_words(inspection: Inspection | None) -> tuple[str, str]:
    """Tone, and glyph with words, for the verdict of a full replay."""
    if inspection is None:
        return "muted", "○ " + translate("Words", "not inspected")
    if inspection.verified is None:
        return "warning", "? " + translate("Words", "not judged")
    if inspection.verified:
        return "success", "✓ " + translate("Words", "verified")
    return "danger", "✕ " + translate("Words", "not verified")


def count_words(count: Count | None) -> str:
    """`1 of 20`, or that it was not measured."""
    if count is None:
        return translate("Words", "not measured here")
    return translate("Words", "{0} of {1}").format(count.count, count.of)


def losses_words(before: LossVector, after: LossVector | None = None) -> str:
    """The measured components of a loss vector, one after the other; with what became of them."""
    parts = []
    for component, count in before.items():
        then = after[component] if after is not None else None
        if count is not None:
            changed = "" if then is None else f" → {then.count}"
            parts.append(f"{component_name(component)} {count.count}{changed}")
    return ", ".join(parts)


def dependency_words(dependency: Dependency) -> str:
    """What a step takes from an earlier one, without the step's number."""
    if dependency.kind is DependencyKind.STATE:
        return translate("Words", "builds on its change of {0}").format(dependency.what)
    words = translate("Words", "{0} = {1}").format(dependency.what, dependency.value)
    if dependency.stale:
        return translate("Words", "{0}, which it no longer says").format(words)
    return words


def disagreement_words(disagreement: Disagreement) -> str:
    """One verdict in which the recording's benchmark differs from ours."""
    name = disagreement.id
    if name == SUCCESS:
        name = translate("Words", "the run as a whole")
    if disagreement.recorded:
        return translate("Words", "{0}: recorded as met, found unmet").format(name)
    return translate("Words", "{0}: recorded as unmet, found met").format(name)


def step_words(step: int | None) -> str:
    """`step 13`, or the whole plan."""
    if step is None:
        return translate("Words", "whole plan")
    return translate("Words", "step {0}").format(step)


def usage_words(usage: Usage) -> str:
    """Calls, tokens and price on one line; says where tokens are estimated and where no price is known."""
    calls = translate("Words", "calls: {0}").format(usage.calls)
    tokens = translate("Words", "tokens: {0} in, {1} out").format(f"{usage.tokens_in:,}", f"{usage.tokens_out:,}")
    if not usage.measured:
        tokens = translate("Words", "{0} (estimated)").format(tokens)
    if usage.usd is None:
        return " · ".join((calls, tokens, translate("Words", "price not known")))
    return " · ".join((calls, tokens, f"{usage.usd:.4f} USD"))


def place_words(place: str) -> str:
    """What stands in a place of a prompt; empty where it is not known."""
    return _translated(_PLACES[place]) if place in _PLACES else ""


def purpose_words(purpose: str) -> str:
    """What a model was asked for; a purpose that is not known stays as it is."""
    return _translated(_PURPOSES[Purpose(purpose)]) if purpose in _PURPOSES else purpose
