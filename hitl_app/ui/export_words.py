"""Words for exports: formats, options, what was found, and what is suspicious about a rendered chat."""

from hitl_app.domain.chat import Doubt
from hitl_app.domain.grpo import Norm
from hitl_app.domain.training import Cleaning, PairKind, Span, Weighting
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate
from hitl_app.workflow.exporting import ExportFormat

_FORMATS = {
    "trl-sft": QT_TRANSLATE_NOOP("Export", "For TRL's SFTTrainer: verified trajectories as chats with tool calls."),
    "trl-dpo": QT_TRANSLATE_NOOP(
        "Export", "For TRL's DPOTrainer: of two trajectories for one task, the one that was preferred."
    ),
    "trl-kto": QT_TRANSLATE_NOOP(
        "Export", "For TRL's KTOTrainer: trajectories that were called good or bad, one each."
    ),
    "trl-reward": QT_TRANSLATE_NOOP("Export", "For TRL's RewardTrainer: pairs, with how much better one side is."),
    "trl-grpo": QT_TRANSLATE_NOOP("Export", "For TRL's GRPOTrainer: prompts, with what a reward function needs."),
    "trl-stepwise": QT_TRANSLATE_NOOP(
        "Export", "For process reward models, such as Axolotl's: steps with a label each."
    ),
    "prm800k": QT_TRANSLATE_NOOP("Export", "For readers of PRM800K: a rating of every step."),
    "critic": QT_TRANSLATE_NOOP(
        "Export", "For a critic and a proposer of one's own: trajectories with their gradients, and what came of them."
    ),
    "openrlhf": QT_TRANSLATE_NOOP("Export", "For OpenRLHF: chats and pairs, with tools and calls as text."),
    "llama-factory": QT_TRANSLATE_NOOP("Export", "For LLaMA-Factory: its own conversations, with dataset_info.json."),
    "axolotl": QT_TRANSLATE_NOOP("Export", "For Axolotl: chats, pairs and judgements, with its configurations."),
    "verl": QT_TRANSLATE_NOOP("Export", "For veRL: Parquet for multi-turn fine-tuning and reinforcement learning."),
    "openai-sft": QT_TRANSLATE_NOOP("Export", "For fine-tuning at OpenAI: chats to imitate."),
    "openai-dpo": QT_TRANSLATE_NOOP("Export", "For fine-tuning at OpenAI: preferences for single answers."),
    "halos": QT_TRANSLATE_NOOP("Export", "For HALOs: pairs and judgements for DPO and KTO, with weights."),
    "pilotrl": QT_TRANSLATE_NOOP("Export", "For PilotRL: reinforcement learning under a global plan, in three stages."),
    "plan-and-act": QT_TRANSLATE_NOOP(
        "Export", "For Plan-and-Act: fine-tuning of a planner, an executor and a replanner."
    ),
    "plan-and-act-input-output": QT_TRANSLATE_NOOP("Export", "The same, as nothing but input and output."),
    "plan-and-act-messages": QT_TRANSLATE_NOOP("Export", "The same, as chats."),
    "csv": QT_TRANSLATE_NOOP("Export", "For people and spreadsheets: all decisions, one a line."),
    "atif": QT_TRANSLATE_NOOP("Export", "For other tools: the head of each lineage as an ATIF document."),
    "calls": QT_TRANSLATE_NOOP(
        "Export", "Every call of a model, to replay a run without a server or to count what it cost."
    ),
    "cope_routing": QT_TRANSLATE_NOOP(
        "Export", "For studying cascades (COPE): every call and every stage with its votes, one a line."
    ),
    "bundle": QT_TRANSLATE_NOOP(
        "Export", "Everything that this store holds, for another store: tasks, revisions, decisions, the ledger."
    ),
}
_PAIRS = {
    PairKind.ACCEPTED_BASE: QT_TRANSLATE_NOOP("Export", "accepted against what it was made from"),
    PairKind.BASE_REJECTED: QT_TRANSLATE_NOOP("Export", "a base against a worse candidate, rejected"),
    PairKind.ACCEPTED_REJECTED: QT_TRANSLATE_NOOP("Export", "accepted against rejected, same base"),
    PairKind.EDITED_PROPOSAL: QT_TRANSLATE_NOOP("Export", "an edit against the proposal as it was"),
}
_SPANS = {
    Span.DIVERGENCE: QT_TRANSLATE_NOOP("Export", "the first differing turn"),
    Span.HUNK: QT_TRANSLATE_NOOP("Export", "each later differing turn"),
    Span.WHOLE: QT_TRANSLATE_NOOP("Export", "all after the user's first words"),
}
_WEIGHTS = {
    Weighting.UNIFORM: QT_TRANSLATE_NOOP("Export", "all alike"),
    Weighting.MARGIN: QT_TRANSLATE_NOOP("Export", "by how much losses improve"),
    Weighting.AGREEMENT: QT_TRANSLATE_NOOP("Export", "by how many people agree"),
}
_CLEANING = {
    Cleaning.OFF: QT_TRANSLATE_NOOP("Export", "do not look"),
    Cleaning.REPORT: QT_TRANSLATE_NOOP("Export", "count them"),
    Cleaning.MASK: QT_TRANSLATE_NOOP("Export", "mask them"),
}
_DOUBTS = {
    Doubt.CALLS_DROPPED: QT_TRANSLATE_NOOP("Export", "The template leaves tool calls out: nothing trains on them."),
    Doubt.RESULTS_DROPPED: QT_TRANSLATE_NOOP("Export", "The template leaves the results of tools out."),
    Doubt.TOOLS_DROPPED: QT_TRANSLATE_NOOP("Export", "The template leaves the tools' schemas out."),
    Doubt.QUOTED_TWICE: QT_TRANSLATE_NOOP("Export", "The template puts the arguments of calls into quotes once more."),
    Doubt.TRAINS_ON_RESULTS: QT_TRANSLATE_NOOP(
        "Export", "The answer holds results of tools, and they are trained on as well: choose spans of one turn."
    ),
    Doubt.NO_MARKS: QT_TRANSLATE_NOOP(
        "Export", "The template has no {% generation %} marks: what is marked is what each turn of the agent adds."
    ),
    Doubt.NOT_FOUND: QT_TRANSLATE_NOOP(
        "Export", "Some turns of the agent are not marked: the template writes them otherwise once others follow."
    ),
    Doubt.CUT: QT_TRANSLATE_NOOP("Export", "The text is cut at its end: it is too long to be shown."),
}
_NORMS = {
    Norm.MAX: QT_TRANSLATE_NOOP("Export", "by the greatest value"),
    Norm.RANGE: QT_TRANSLATE_NOOP("Export", "to the range from 0 to 1"),
    Norm.NONE: QT_TRANSLATE_NOOP("Export", "not at all"),
}
REWARDED = frozenset({"pilotrl"})
"""Formats with total rewards, whose terms can be normalised."""

_EMPTY = " is not written: it would have no rows"
_FOUND = {
    "EMAIL": QT_TRANSLATE_NOOP("Export", "e-mail addresses"),
    "PHONE": QT_TRANSLATE_NOOP("Export", "telephone numbers"),
    "SSN": QT_TRANSLATE_NOOP("Export", "social security numbers"),
    "CREDIT_CARD": QT_TRANSLATE_NOOP("Export", "credit card numbers"),
}


def _translated(source: str) -> str:
    return translate("Export", source)


def format_words(of: ExportFormat) -> str:
    """What a format is for; one that is not known here describes itself."""
    return _translated(_FORMATS[of.name]) if of.name in _FORMATS else of.description


def pair_words(kind: PairKind) -> str:
    """Which two trajectories make a pair: the preferred one first."""
    return _translated(_PAIRS[kind])


def span_words(span: Span) -> str:
    """How much of a pair is the answer."""
    return _translated(_SPANS[span])


def weight_words(weighting: Weighting) -> str:
    """How rows are weighed."""
    return _translated(_WEIGHTS[weighting])


def norm_words(norm: Norm) -> str:
    """How the terms of a total reward are normalised."""
    return _translated(_NORMS[norm])


def cleaning_words(cleaning: Cleaning) -> str:
    """What is done about secrets and personal data."""
    return _translated(_CLEANING[cleaning])


def doubt_words(doubt: Doubt) -> str:
    """What is suspicious about a rendered chat."""
    return _translated(_DOUBTS[doubt])


def found_words(kind: str) -> str:
    """What cleaning found; kinds of secrets keep the name that stands in their place."""
    if kind in _FOUND:
        return f"{_translated(_FOUND[kind])} ({kind})"
    return translate("Export", "secrets: {0}").format(kind)


def note_words(note: str) -> str:
    """What else is said of an export."""
    if note.endswith(_EMPTY):
        return translate("Export", "{0} is not written: it would have no rows").format(note.removesuffix(_EMPTY))
    return note
