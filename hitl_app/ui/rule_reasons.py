"""Why rules give a reward, in the language of the window (`domain.rewards`); a test knows them all."""

import re

from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate

REASONS = (
    QT_TRANSLATE_NOOP("RuleReasons", "it says nothing"),
    QT_TRANSLATE_NOOP("RuleReasons", "the arguments do not fit"),
    QT_TRANSLATE_NOOP("RuleReasons", "there is no such tool"),
    QT_TRANSLATE_NOOP("RuleReasons", "it carries out no step of the plan"),
    QT_TRANSLATE_NOOP("RuleReasons", "plan step {0}"),
    QT_TRANSLATE_NOOP("RuleReasons", "it resembles plan step {0}"),
    QT_TRANSLATE_NOOP("RuleReasons", "plan step {0}, after plan step {1} was begun"),
    QT_TRANSLATE_NOOP("RuleReasons", "it is not verified"),
    QT_TRANSLATE_NOOP("RuleReasons", "it is verified, and nothing in it is redundant"),
    QT_TRANSLATE_NOOP("RuleReasons", "it is verified, but step {0} failed"),
    QT_TRANSLATE_NOOP("RuleReasons", "it is verified, but step {0} repeats an earlier call"),
    QT_TRANSLATE_NOOP("RuleReasons", "it is verified, but step {0} looked up what nothing later uses"),
)
"""Numbers stand as `{0}` and `{1}`."""

_NUMBER = re.compile(r"\d+")


def rule_reason_words(reason: str) -> str:
    """A rule's reason; one that is not known stays as it is."""
    numbers = _NUMBER.findall(reason)
    places = iter(range(len(numbers)))
    source = _NUMBER.sub(lambda _: f"{{{next(places)}}}", reason)
    return translate("RuleReasons", source).format(*numbers) if source in REASONS else reason
