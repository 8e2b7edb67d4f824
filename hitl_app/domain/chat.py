"""Rows of training data as chats, and what a trainer's chat template makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.jsontypes import JsonObject


class Trained(StrEnum):
    """What of a chat a trainer trains on."""

    TURNS = "turns"
    """What the assistant wrote, each time."""
    ANSWER = "answer"
    """Everything after the prompt."""
    NOTHING = "nothing"
    """The chat is a prompt alone."""


class Doubt(StrEnum):
    """What is suspicious about a rendered chat, in words."""

    CALLS_DROPPED = "the template leaves tool calls out"
    RESULTS_DROPPED = "the template leaves tool results out"
    TOOLS_DROPPED = "the template leaves the tools' schemas out"
    QUOTED_TWICE = "the template puts the arguments of calls into quotes a second time"
    TRAINS_ON_RESULTS = "the answer holds tool results, which are trained on as well"
    NO_MARKS = "the template has no {% generation %} marks: what is trained on was found by comparing renderings"
    NOT_FOUND = "what is trained on could not be found: the template writes a turn otherwise once others follow it"
    CUT = "the rendered text is cut here: it is too long to be shown"


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation in a row.

    Attributes:
        name: Of the row's column that it is or ends with, such as `chosen`.
        prompt: Messages; the whole conversation where `trained` is not `ANSWER`.
        answer: Messages after the prompt.
        tools: Function schemas.
    """

    name: str
    prompt: tuple[JsonObject, ...]
    answer: tuple[JsonObject, ...] = ()
    tools: tuple[JsonObject, ...] = ()
    trained: Trained = Trained.ANSWER

    @property
    def messages(self) -> tuple[JsonObject, ...]:
        """All of it."""
        return (*self.prompt, *self.answer)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a rendered text that is trained on as a whole, or not at all."""

    text: str
    trained: bool


@dataclass(frozen=True, slots=True)
class RenderedChat:
    """A chat as a trainer sees it.

    Attributes:
        problem: Why the template failed; empty where it did not.
    """

    name: str
    pieces: tuple[Piece, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problem: str = ""

    def to_json(self) -> JsonObject:
        """For the command line, and from one process to another."""
        return {
            "name": self.name,
            "pieces": [{"text": piece.text, "trained": piece.trained} for piece in self.pieces],
            "doubts": [doubt.name.lower() for doubt in self.doubts],
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A chat template as it stands in a file, with the special tokens that it may write, such as `bos_token`."""

    text: str
    tokens: Mapping[str, str]
