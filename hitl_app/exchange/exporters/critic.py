"""Lessons for an INSPECT critic and an EVOLVE proposer: this product's own questions with good answers."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import Lessons
from hitl_app.exchange.columns import MESSAGES, Columns
from hitl_app.exchange.conversation import message
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples.critic import TaughtQuestion, TaughtQuestions

ABOUT = """\
Questions word for word as hitl-app asks a model, each with a good answer in the form that hitl-app reads: every answer
was read back before it was written. So a model that is trained on them can be set as the model of hitl-app. `question`
is the name, version and digest of the prompt. Evidence that reveals the gold answer is in no question and no answer."""

JUDGE = """\
Trajectory to verdicts, which become textual gradients: which requirements are met, by which steps the others are
missed. The requirements and the verdicts are the environment's own."""

CRITIQUE = """\
Trajectory to textual gradients: what people wrote beside the environment's gradients, and what a model wrote that a
person confirmed or an accepted edit answers."""

EVOLVE = """\
Trajectory and gradients to a revision: the edits that were accepted, in indexes of the trajectory."""

COLUMNS: Columns = {"prompt": MESSAGES, "completion": MESSAGES, "question": "string"}


def row(example: TaughtQuestion) -> JsonObject:
    """A lesson as prompt and completion."""
    lesson = example.lesson
    return {
        "prompt": [message(each.role, each.text) for each in lesson.question],
        "completion": [message("assistant", lesson.answer)],
        "question": lesson.prompt,
    }


def target(lessons: Lessons) -> Target:
    """The target, with whoever words questions and answers."""
    taught = TaughtQuestions(lessons)
    tables = (
        Table("judge", JUDGE, taught.judge, COLUMNS, row),
        Table("critique", CRITIQUE, taught.critique, COLUMNS, row),
        Table("evolve", EVOLVE, taught.evolve, COLUMNS, row),
    )
    return Target("critic", "TRL SFTTrainer: a critic and a proposer for hitl-app", ABOUT, tables)
