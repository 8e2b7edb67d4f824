"""HALOs: pairwise and binary feedback with the measures of CoPE, as lines and as the one JSON list that it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from hitl_app.domain.coordination import planner_weight
from hitl_app.domain.jsontypes import JsonObject, content_hash
from hitl_app.domain.loss import Count, LossVector, NotComparableError
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import (
    Example,
    Exclusions,
    Lineage,
    PlanPair,
    PreferencePair,
    Provenance,
    UnpairedJudgement,
    plan_pairs,
)
from hitl_app.exchange.examples.example import losses, margin
from hitl_app.exchange.exporters import flat
from hitl_app.exchange.exporters.plan_and_act import PLANNER, asked, plan_text, told
from hitl_app.exchange.exporters.trl_dpo import pairs_over
from hitl_app.exchange.exporters.trl_kto import judgements_over

ABOUT = f"""\
For CoPE's weighted DPO and KTO through HALOs, which reads the `.json` files: a planner learns by `loss=dpo
datasets=[planner-pairs-train.json]`, an executor by `loss=kto datasets=[judgements-divergence-train.json]`, or by
`loss=dpo datasets=[pairs-divergence-train.json]`. It takes the rows whose `split` is `train` to train on and those with
`test` to evaluate: the first part of the data is `train`, all others are `test`, and both files are named together.
Files of different tables are not: those of an executor share `prompt_id`, and the later file replaces what the earlier
one says of a prompt.

{flat.ABOUT} An answer is one message, because HALOs trains on everything behind the prompt, and tells answers apart by
their first message alone. It cuts long prompts at their end, where the latest turns are: set
`++model.max_prompt_length` and `++model.max_length` to the longest row. It renders each message alone, too, which not
every chat template allows.

An executor's rewards come from measured losses: `-n / (1 + n)` for a count `n`, summed over hard constraints with
goals, failed steps, soft constraints and discrepancies, each place worth a quarter of the one before. 0 is perfect,
-4/3 the worst; the scale is ours. A row without a measured reward is left out, because HALOs stops at it.

`c_tau` says how far the trajectory that is preferred, or judged, followed its plan, 0 to 1: by links that people set,
by links on record, and where there are none by words (null without a plan, and where nothing could be matched). It is
the `weight` of an executor's pair or judgement.

Pairs of plans are for a planner: two plans of one task, each carried out by at least two recordings, of which the
executions of one went better. `reward_A` and `reward_B` are those of the plans: (min + mean) / 2 over their executions,
each 1 where it is verified and at most 1/2 where it is not. `c_w` and `c_l` say whether the preferred plan, and the
other, is carried out alike each time, over all recordings of the store (1 is alike), and `weight` is
`(c_w - c_l + 1) / 2`: a plan that was lucky once is preferred with less weight. Neither measures success: a good way
that only one execution took lowers `c_w`. The steps that both plans begin with are in the prompt. A pair goes out with
the lineage of the first recording of the preferred plan.

`shared_prefix_turns` counts what was removed because both sides share it: turns before the answer, or steps of the
plans. What was not measured is null. Another weight may be asked for; HALOs ignores all of them in silence, resampling
does not."""

NOT_MEASURED = "the losses were not measured: there is no reward"

_FOLLOWED: Columns = {"c_tau": "float64", "shared_prefix_turns": "int64"}
PAIRS: Columns = {
    "prompt_id": "string",
    "prompt": [flat.FLAT],
    "output_A": [flat.FLAT],
    "output_B": [flat.FLAT],
    "reward_A": "float64",
    "reward_B": "float64",
    "label": "int64",
    "type": "string",
    "split": "string",
    **_FOLLOWED,
}
JUDGEMENTS: Columns = {
    "prompt_id": "string",
    "prompt": [flat.FLAT],
    "output": [flat.FLAT],
    "label": "int64",
    "reward": "float64",
    "type": "string",
    "split": "string",
    **_FOLLOWED,
}
PLAN_PAIRS: Columns = {
    **{name: kind for name, kind in PAIRS.items() if name not in _FOLLOWED},
    "c_w": "float64",
    "c_l": "float64",
    "shared_prefix_turns": "int64",
}

GO_ON = (
    "Go on with the plan for the task from where it ends: numbered steps, each with the reasoning behind it. Do not act"
    " yet."
)
"""What a planner is asked where both plans of a pair begin alike."""

Shown = TypeVar("Shown", PreferencePair, UnpairedJudgement)


@dataclass(frozen=True, kw_only=True)
class Feedback(Example, Generic[Shown]):
    """A pair or a judgement with what CoPE measures of it.

    Attributes:
        losses: Of the trajectory that is preferred, or was judged; None where they were not measured.
        split: As HALOs knows it, `train` or `test`.
        c_tau: How far that trajectory followed its plan.
    """

    shown: Shown
    losses: LossVector | None
    split: str
    c_tau: float | None

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two of them one."""
        return self.shown.content

    @property
    def known(self) -> JsonObject:
        """The columns that pairs and judgements have alike."""
        turns = sum(item["role"] in ("user", "assistant") for item in self.shown.prompt)
        return {"split": self.split, "c_tau": self.c_tau, "shared_prefix_turns": turns}


def feedback_pairs(
    lineage: Lineage, settings: ExportSettings, excluded: Exclusions
) -> Iterator[Feedback[PreferencePair]]:
    """Pairs at their first difference, where those are asked for."""
    for pair in pairs_over(Span.DIVERGENCE)(lineage, settings, excluded):
        yield _feedback(lineage, settings, pair, pair.chosen_losses)


def feedback(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Feedback[UnpairedJudgement]]:
    """Judgements of the first difference, where those are asked for."""
    for judgement in judgements_over(Span.DIVERGENCE)(lineage, settings, excluded):
        measured = losses(lineage.sides[judgement.provenance.trajectory].inspection)
        yield _feedback(lineage, settings, judgement, measured)


def _feedback(lineage: Lineage, settings: ExportSettings, shown: Shown, measured: LossVector | None) -> Feedback[Shown]:
    of = shown.provenance
    return Feedback(
        provenance=of,
        shown=shown,
        losses=measured,
        split=_split(settings, of),
        c_tau=lineage.followed(lineage.sides[of.trajectory].trajectory),
    )


@dataclass(frozen=True, kw_only=True)
class PlanFeedback(Example):
    """A pair of plans with the part of the data that HALOs takes it for."""

    pair: PlanPair
    split: str

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two of them one."""
        return self.pair.content


def plan_feedback(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[PlanFeedback]:
    """Pairs of plans."""
    for pair in plan_pairs(lineage, settings, excluded):
        yield PlanFeedback(provenance=pair.provenance, pair=pair, split=_split(settings, pair.provenance))


def _split(settings: ExportSettings, of: Provenance) -> str:
    return "train" if of.parts(settings.splits) == {settings.splits.names[0]} else "test"


def pair_row(example: Feedback[PreferencePair]) -> JsonObject | str:
    """A pair; A is preferred."""
    pair = example.shown
    chosen, rejected = reward(pair.chosen_losses), reward(pair.rejected_losses)
    if chosen is None or rejected is None:
        return NOT_MEASURED
    if margin(pair.chosen_losses, pair.rejected_losses, override=False) is None:
        return "the losses of both sides cannot be compared: there is no reward"
    made = flat.flat_pair(pair)
    if isinstance(made, str):
        return made
    return {
        "prompt_id": content_hash(made.prompt),
        "prompt": made.prompt,
        "output_A": made.chosen,
        "output_B": made.rejected,
        "reward_A": chosen,
        "reward_B": rejected,
        "label": 1,
        "type": "pairwise_feedback",
        **example.known,
    }


def judgement_row(example: Feedback[UnpairedJudgement]) -> JsonObject | str:
    """A judgement; 1 is good."""
    judgement, measured = example.shown, reward(example.losses)
    if measured is None:
        return NOT_MEASURED
    prompt = flat.flat(judgement.prompt, judgement.tools)
    return {
        "prompt_id": content_hash(prompt),
        "prompt": prompt,
        "output": flat.flat(judgement.completion),
        "label": int(judgement.label),
        "reward": measured,
        "type": "binary_feedback",
        **example.known,
    }


def reward(measured: LossVector | None) -> float | None:
    """How far losses are from perfect ones, on the scale of `LossVector.margin`: -4/3 to 0; None where not measured."""
    if measured is None:
        return None
    counts = {component.value: count and Count(0, count.of) for component, count in measured.items()}
    try:
        return measured.margin(LossVector(**counts))
    except NotComparableError:
        return None


def plan_row(example: PlanFeedback) -> JsonObject | str:
    """A pair of plans; A is preferred."""
    pair, first = example.pair, len(example.pair.shared) + 1
    begun = {"Plan": plan_text(pair.shared)}
    wanted = told(pair.told) or pair.task.instruction
    question = asked(GO_ON if pair.shared else PLANNER, pair.task, pair.tools, wanted, begun)
    if not question:
        return "the task says nothing"
    prompt: list[JsonObject] = [{"role": "user", "content": question}]
    return {
        "prompt_id": content_hash(prompt),
        "prompt": prompt,
        "output_A": [{"role": "assistant", "content": plan_text(pair.chosen, first)}],
        "output_B": [{"role": "assistant", "content": plan_text(pair.rejected, first)}],
        "reward_A": pair.chosen_runs.reward,
        "reward_B": pair.rejected_runs.reward,
        "label": 1,
        "type": "pairwise_feedback",
        "split": example.split,
        "c_w": pair.chosen_runs.alike,
        "c_l": pair.rejected_runs.alike,
        "shared_prefix_turns": len(pair.shared),
    }


def planner_weight_of(example: PlanFeedback) -> float | None:
    """Weight of a pair of plans."""
    chosen, rejected = example.pair.chosen_runs.alike, example.pair.rejected_runs.alike
    return None if chosen is None or rejected is None else planner_weight(chosen, rejected)


def executor_weight_of(example: Feedback[Shown]) -> float | None:
    """Weight of a pair or a judgement of what an executor did."""
    return example.c_tau


TARGET = Target(
    "halos",
    "HALOs: DPO and KTO, weighed by CoPE",
    ABOUT,
    (
        Table(
            "pairs-divergence",
            "The first differing assistant message of each side; A is preferred.",
            feedback_pairs,
            PAIRS,
            pair_row,
            listed=True,
            weight=executor_weight_of,
        ),
        Table(
            "judgements-divergence",
            "The first assistant message that differs from the other side, and whether it is good (1) or bad (0).",
            feedback,
            JUDGEMENTS,
            judgement_row,
            listed=True,
            weight=executor_weight_of,
        ),
        Table(
            "planner-pairs",
            "Two plans of one task after the steps that both begin with; A is preferred.",
            plan_feedback,
            PLAN_PAIRS,
            plan_row,
            listed=True,
            weight=planner_weight_of,
        ),
    ),
    {"tools": "as text", "reward": "distance of the losses from perfect ones, -4/3 to 0; of plans 0 to 1"},
)
