"""Lessons: the questions that models are asked here, with answers that turned out to be good."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.model import ChatMessage
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Step, Trajectory


@dataclass(frozen=True, slots=True)
class Material:
    """What lessons on one trajectory are made of.

    Attributes:
        inspection: It may reveal the answer: no lesson does.
        notes: What people said about its gradients.
    """

    task: Task
    tools: tuple[ToolSpec, ...]
    trajectory: Trajectory
    inspection: Inspection
    notes: Annotations


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, word for word as a model would be asked it here, and a good answer.

    Attributes:
        prompt: Name, version and digest of the prompt that it was rendered from, such as `evolve/1-3f2a90c1`.
        answer: JSON text in the form that was asked for; it has been read back as a model's answer is read.
    """

    prompt: str
    question: tuple[ChatMessage, ...]
    answer: str


class Lessons(Protocol):
    """Makes lessons. A text instead of a lesson says why there is none."""

    def judge(self, material: Material) -> Lesson | str:
        """Which requirements are met, and where the unmet ones come from, as the environment found it."""
        ...

    def critique(self, material: Material, words: Sequence[Gradient]) -> Lesson | str:
        """What is to be said beside the gradients of the environment: `words`, which people stand for."""
        ...

    def evolve(self, material: Material, hunks: Sequence[Hunk], steps: Sequence[Step], reasoning: str) -> Lesson | str:
        """The edits that make accepted steps of a trajectory.

        Args:
            material: On the base.
            hunks: Of the accepted candidate, over the base.
            steps: Of the accepted candidate.
            reasoning: What is wrong and what mends it; empty where nobody said it.
        """
        ...
