"""Puzzles with known answers, and a small and a large model of known skill for them: `puzzles:models`.

A puzzle is a sum with a difficulty from 0 to 1 in its text. What a model answers is drawn from the text that it is
sent, its name and the seed: the same behind the scripted server and in process.

- A model is right with probability `1 / (1 + exp(-SLOPE * (skill - difficulty) - help))`, drawn anew for each sample,
  but for a share `STEADY` of each puzzle's luck, which all samples of a model share: models are wrong consistently.
- `help` is what goal and guideline add up to: those that are to the point help, the others mislead.
- Where a puzzle has a trap, as a share `TRAPS` of them has, most wrong answers fall into it and are equal: a consensus
  can be wrong. Other wrong answers differ.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from statistics import NormalDist

from scripted_replies import JsonDict, Reply
from travel_policy import answer_as
from travel_skill import SKILL

SMALL, LARGE = "small", "large"
SKILLS = {SMALL: 0.45, LARGE: 0.85}
SLOPE = 6.0
STEADY = 0.6
TRAPS, FALLS = 0.3, 0.8
HELP = {"Mind the minus": 0.6, "Be quick": -0.6, "From left to right": 1.2, "Trust your first": -0.6}
"""What each plan adds, by the words that it begins with."""
GOOD_GOALS, GOOD_GUIDELINES = 0.6, 0.85
"""How often a goal of the small model, and a guideline of the large one, is to the point."""
THINKING = {SMALL: 40, LARGE: 80}
"""Words of reasoning before an answer."""
WHOLE = 1 << 20

_PUZZLE = re.compile(r"Puzzle (\d+), difficulty (0\.\d+): what is (\d+) \+ (\d+) - (\d+)\?")


@dataclass(frozen=True)
class Puzzle:
    """A sum with its difficulty."""

    number: int
    difficulty: float
    terms: tuple[int, int, int]

    @property
    def text(self) -> str:
        """As a model is asked it."""
        one, two, three = self.terms
        question = f"Puzzle {self.number}, difficulty {self.difficulty:.3f}: what is {one} + {two} - {three}?"
        return f"{question} End with FINAL ANSWER: and the number."

    @property
    def answer(self) -> int:
        """The right answer."""
        one, two, three = self.terms
        return one + two - three

    @property
    def trap(self) -> int:
        """What comes of overlooking the minus."""
        return sum(self.terms)


def make_puzzle(number: int) -> Puzzle:
    """A puzzle by its number."""
    terms = tuple(100 + int(_draw("term", number, place) * 900) for place in range(3))
    return Puzzle(number, min(0.999, _draw("difficulty", number)), (terms[0], terms[1], terms[2]))


def models(request: JsonDict, number: int) -> Reply:
    """Answer as the model that is asked; what is no puzzle is a test of the connection."""
    texts = [message.get("content") or "" for message in request["messages"]]
    said = say(str(request.get("model")), "\n".join(texts), int(request.get("seed") or 0))
    return answer_as(request, SKILL) if said is None else Reply(said, chunk=WHOLE)


def say(model: str, text: str, seed: int) -> str | None:
    """What a model says; None where nothing of a puzzle is asked."""
    found = _PUZZLE.search(text)
    if found is None:
        return None
    puzzle = Puzzle(int(found[1]), float(found[2]), (int(found[3]), int(found[4]), int(found[5])))
    if "Answer with one sentence" in text:
        good = _draw("goal", puzzle.number, seed) < GOOD_GOALS
        return "Mind the minus sign of the last number." if good else "Be quick and find the number."
    if "Answer with one or two sentences" in text:
        good = _draw("guideline", puzzle.number) < GOOD_GUIDELINES
        return "From left to right: add two, take the third away." if good else "Trust your first thought."
    return _solve(puzzle, model, text, seed)


def _solve(puzzle: Puzzle, model: str, text: str, seed: int) -> str:
    added = sum(worth for words, worth in HELP.items() if words in text)
    chance = 1 / (1 + math.exp(-SLOPE * (SKILLS[model] - puzzle.difficulty) - added))
    thought = " ".join(["thinking"] * THINKING[model])
    return f"{thought}. FINAL ANSWER: {_answer(puzzle, model, text, seed, chance)}"


def _answer(puzzle: Puzzle, model: str, text: str, seed: int, chance: float) -> int:
    if _luck(puzzle.number, model, text, seed) < chance:
        return puzzle.answer
    falls = _draw("falls", model, puzzle.number, text, seed) < FALLS
    if _draw("trap", puzzle.number) < TRAPS and falls:
        return puzzle.trap
    return puzzle.answer + 1 + int(_draw("wrong", model, puzzle.number, text, seed) * 50)


def _luck(number: int, model: str, text: str, seed: int) -> float:
    """Uniform from 0 to 1, and alike for all samples of a model on one puzzle."""
    normal = NormalDist()
    shared, own = (
        normal.inv_cdf(min(max(_draw(*keys), 1e-9), 1 - 1e-9))
        for keys in (("shared", model, number), ("own", model, number, text, seed))
    )
    return normal.cdf(math.sqrt(STEADY) * shared + math.sqrt(1 - STEADY) * own)


def _draw(*thing: object) -> float:
    """Uniform from 0 to 1, the same for the same thing."""
    digest = hashlib.sha256("\n".join(map(str, thing)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
