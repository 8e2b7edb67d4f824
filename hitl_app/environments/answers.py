"""Whether a final answer (`domain.final_answer`) is the expected one.

The rules are those of GAIA's scorer (`question_scorer` of its leaderboard): a quasi-exact match, which the expected
answer decides the kind of. They are kept to the letter, also where they surprise:

- An expected number takes `$`, `%` and `,` out of the answer and compares numbers. An answer that is no number then,
  such as "17 km", counts as infinity: it equals an expected "inf". Nothing equals an expected "nan".
- An expected text with `,` or `;` is a list, "1,000" among them: as many elements, each compared on its own.
- Elements of a list keep their punctuation; a single text loses it. Articles and the order of elements count.
"""

import math
import re
import string

from hitl_app.domain.codec import CodecError
from hitl_app.domain.final_answer import is_answer
from hitl_app.domain.jsontypes import Json

_SEPARATORS = re.compile(r"[,;]")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_UNITS = str.maketrans("", "", "$%,")


def accepted_answers(expected: Json) -> tuple[str, ...]:
    """The answers that count as right: of a text, a number, or a list of them; none where nothing is expected.

    Raises:
        CodecError: It is something else.
    """
    if expected is None:
        return ()
    accepted = expected if isinstance(expected, list) else [expected]
    if not all(map(is_answer, accepted)):
        raise CodecError("expected_answer: expected a text, a number, or a list of them")
    return tuple(text for text in map(str, accepted) if text.strip())


def is_match(answer: str, expected: str) -> bool:
    """Whether an answer is the expected one by GAIA's rules."""
    if _is_number(expected):
        return _number(answer) == float(expected)
    given, wanted = _SEPARATORS.split(answer), _SEPARATORS.split(expected)
    if len(wanted) > 1:
        return len(given) == len(wanted) and all(map(_is_same_element, given, wanted))
    return _normalised(answer).translate(_PUNCTUATION) == _normalised(expected).translate(_PUNCTUATION)


def _is_same_element(given: str, wanted: str) -> bool:
    if _is_number(wanted):
        return _number(given) == float(wanted)
    return _normalised(given) == _normalised(wanted)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> float:
    bare = text.translate(_UNITS)
    return float(bare) if _is_number(bare) else math.inf


def _normalised(text: str) -> str:
    return re.sub(r"\s", "", text).lower()
