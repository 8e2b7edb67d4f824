"""What the parts of a query mean, for those who have one offered."""

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.loss import Component
from hitl_app.domain.query import Field, QueryError, QueryFlaw
from hitl_app.domain.query_completion import Offer, Place, Wanted
from hitl_app.ui.panes.queue_text import status_word
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate
from hitl_app.ui.words import component_name

_FIELDS: dict[Field, str] = {
    "env": QT_TRANSLATE_NOOP("Query", "environment"),
    "domain": QT_TRANSLATE_NOOP("Query", "part of an environment"),
    "task": QT_TRANSLATE_NOOP("Query", "in the task's key or title"),
    "model": QT_TRANSLATE_NOOP("Query", "in the model's name"),
    "format": QT_TRANSLATE_NOOP("Query", "format it was imported from"),
    "file": QT_TRANSLATE_NOOP("Query", "in the path of its file"),
    "status": QT_TRANSLATE_NOOP("Query", "where its review stands"),
    "inspected": QT_TRANSLATE_NOOP("Query", "whether it was inspected"),
    "verified": QT_TRANSLATE_NOOP("Query", "whether all goals and hard constraints hold"),
    "gradient": QT_TRANSLATE_NOOP("Query", "in the words of its gradients"),
    "text": QT_TRANSLATE_NOOP("Query", "anywhere in task, steps and gradients"),
    "assigned": QT_TRANSLATE_NOOP("Query", "who is to decide"),
    "by": QT_TRANSLATE_NOOP("Query", "whose decision stands on it"),
}
_COMPARED = {
    "loss.total": QT_TRANSLATE_NOOP("Query", "loss: sum of what was measured"),
    "steps": QT_TRANSLATE_NOOP("Query", "number of steps"),
    "revisions": QT_TRANSLATE_NOOP("Query", "number of revisions"),
}
_COMPARISONS = {
    ">": QT_TRANSLATE_NOOP("Query", "more than"),
    "=": QT_TRANSLATE_NOOP("Query", "exactly"),
    "<": QT_TRANSLATE_NOOP("Query", "less than"),
    ">=": QT_TRANSLATE_NOOP("Query", "at least"),
    "<=": QT_TRANSLATE_NOOP("Query", "at most"),
    "!=": QT_TRANSLATE_NOOP("Query", "any other number than"),
}
_FLAWS = {
    QueryFlaw.LOSS_ALONE: QT_TRANSLATE_NOOP(
        "Query", 'cannot read "{0}": losses are compared with a count, as in loss.goal>0'
    ),
    QueryFlaw.NO_FIELD: QT_TRANSLATE_NOOP("Query", 'no field is called "{0}"; there are {1}, and loss.COMPONENT>N'),
    QueryFlaw.NO_LOSS: QT_TRANSLATE_NOOP(
        "Query", 'no loss is called "{0}"; there are {1}; words to search for go in quotes'
    ),
    QueryFlaw.NO_COUNT: QT_TRANSLATE_NOOP(
        "Query", 'no count is called "{0}"; there are {1}; words to search for go in quotes'
    ),
    QueryFlaw.VALUE: QT_TRANSLATE_NOOP("Query", '{0} cannot be "{1}"; it is one of {2}'),
    QueryFlaw.NUMBER: QT_TRANSLATE_NOOP("Query", '{0} is compared with a count, as in {0}>0, not with "{1}"'),
    QueryFlaw.QUOTES: QT_TRANSLATE_NOOP("Query", "the quotes must close: {0}"),
    QueryFlaw.SPACE: QT_TRANSLATE_NOOP("Query", 'a space must follow the closing quote, before "{0}"'),
    QueryFlaw.NO_VALUE: QT_TRANSLATE_NOOP("Query", 'a value must stand right behind "{0}:"'),
    QueryFlaw.NO_ALTERNATIVE: QT_TRANSLATE_NOOP("Query", 'a value is missing beside a comma of "{0}:"'),
    QueryFlaw.MINUS: QT_TRANSLATE_NOOP("Query", "a minus sign negates what follows"),
    QueryFlaw.HIDDEN: QT_TRANSLATE_NOOP("Query", '"{0}:" is hidden while you review blind'),
}
_ANSWERS = {
    ("inspected", "yes"): QT_TRANSLATE_NOOP("Query", "it was inspected"),
    ("inspected", "no"): QT_TRANSLATE_NOOP("Query", "it was not inspected yet"),
    ("verified", "yes"): QT_TRANSLATE_NOOP("Query", "every goal and hard constraint holds"),
    ("verified", "no"): QT_TRANSLATE_NOOP("Query", "one does not hold"),
    ("verified", "unknown"): QT_TRANSLATE_NOOP("Query", "not judged"),
}


def explain(error: UserError) -> str:
    """An error's words; of a query in the language of the window, with what was perhaps meant."""
    if not isinstance(error, QueryError):
        return str(error)
    words = _translated(_FLAWS[error.flaw]).format(*error.parts)
    return translate("Query", '{0}; did you mean "{1}"?').format(words, error.guess) if error.guess else words


def describe_offer(place: Place, offer: Offer) -> str:
    """What an offered completion means, in a few words; empty where it speaks for itself."""
    if offer.wanted is Wanted.NAME:
        return _describe_name(offer.text)
    if place.field == "status":
        return status_word(ReviewStatus(offer.text))
    return _translated(_ANSWERS.get((place.field or "", offer.text), ""))


def _describe_name(name: str) -> str:
    for field, words in _FIELDS.items():
        if name == f"{field}:":
            return _translated(words)
    for component in Component:
        if name == f"loss.{component}":
            return translate("Query", "loss: {0}").format(component_name(component))
    mark = name.lstrip("abcdefghijklmnopqrstuvwxyz_.")
    return _translated(_COMPARED.get(name) or _COMPARISONS.get(mark, ""))


def _translated(words: str) -> str:
    return translate("Query", words) if words else ""
