"""Final answers: which text of a trajectory is one, and in which form equal ones are equal texts."""

import re
import string
from collections.abc import Callable
from dataclasses import dataclass, replace

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.trajectory import Step, Trajectory

FINISHING = frozenset({"finish", "submit", "give_answer", "final_answer", "answer"})
"""Tools by which an agent hands in its answer; upper and lower case are the same."""

ANSWER_ARGUMENTS = ("final_answer", "answer", "content", "text", "message")
"""Arguments of those tools that may hold it, the likeliest first."""

EMPHASIS = " \t\r\n*"
"""What is taken off both ends of an answer in the template; agents like to write it in bold."""

_TEMPLATE = re.compile(r"final answer\s*:", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNITS = " \t\r\n$%*."
_MARKS = str.maketrans("", "", string.punctuation.replace(",", "").replace(";", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer and the index of the step that gives it."""

    text: str
    step: int


def final_answer(trajectory: Trajectory) -> Answer | None:
    """The answer that a trajectory ends with, from the first of these that there is; None where there is none.

    1. The agent's last message, if it has a "FINAL ANSWER:" (GAIA's template).
    2. What the last finishing action hands in.
    3. The agent's last message without the template.

    Of a text with the template, the answer is what stands behind the last one.
    """
    said, handed_in = _last(trajectory, _said), _last(trajectory, _handed_in)
    answer = said if said and _TEMPLATE.search(said.text) else handed_in or said
    return None if answer is None else replace(answer, text=_behind_template(answer.text))


def _last(trajectory: Trajectory, text_of: Callable[[Step], str | None]) -> Answer | None:
    for index in reversed(range(len(trajectory.steps))):
        text = text_of(trajectory.steps[index])
        if text is not None:
            return Answer(text, index)
    return None


def _said(step: Step) -> str | None:
    return step.text if step.role == "assistant" and step.text.strip() else None


def _handed_in(step: Step) -> str | None:
    if step.tool.lower() not in FINISHING:
        return None
    given = (step.arguments.get(name) for name in ANSWER_ARGUMENTS)
    return next((str(value) for value in given if is_answer(value)), None)


def _behind_template(text: str) -> str:
    ends = [found.end() for found in _TEMPLATE.finditer(text)]
    return text[ends[-1] :].strip(EMPHASIS) if ends else text


def given_answer(trajectory: Trajectory) -> Answer | None:
    """The answer that a trajectory gives as one: behind the template, or by a finishing action; see `final_answer`."""
    answer = final_answer(trajectory)
    if answer is None:
        return None
    step = trajectory.steps[answer.step]
    return answer if step.is_action or stated(step.text) is not None else None


def stated(text: str) -> str | None:
    """What stands behind the last "FINAL ANSWER:" of a text; None where it has none."""
    return _behind_template(text) if _TEMPLATE.search(text) else None


def comparable(answer: str) -> str:
    """An answer in a form in which equal ones are equal texts: numbers by value, else without spaces, case and marks.

    What separates the elements of a list stays.
    """
    try:
        return repr(float(_THOUSANDS.sub("", answer.strip(_UNITS))))
    except ValueError:
        return re.sub(r"\s", "", answer).lower().translate(_MARKS)


def is_answer(value: Json) -> bool:
    """Whether a value can be an answer: a text or a number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)
