"""HALOs: pairwise and binary feedback with the measures of CoPE, as lines and as the one JSON list that it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.coordination import planner_weight
from hitl_app.domain.following import PlanAlignment
from hitl_app.domain.jsontypes import JsonObject, content_hash
from hitl_app.domain.loss import Count, LossVector, NotComparableError
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Example, Exclusions, Lineage, PreferencePair, UnpairedJudgement
from hitl_app.exchange.examples.example import losses, margin
from hitl_app.exchange.exporters import flat
from hitl_app.exchange.exporters.trl_dpo import pairs_over
from hitl_app.exchange.exporters.trl_kto import judgements_over

ABOUT = f"""\
For CoPE's weighted DPO and KTO through HALOs, which reads the `.json` files: `loss=dpo
datasets=[pairs-divergence-train.json]`, `loss=kto datasets=[judgements-divergence-train.json]`. It takes the rows whose
`split` is `train` to train on and those with `test` to evaluate: the first part of the data is `train`, all others are
`test`, and both files are named together. Files of pairs and of judgements are not: they share `prompt_id`, and the
later file replaces what the earlier one says of a prompt.

{flat.ABOUT} An answer is one message, because HALOs trains on everything behind the prompt, and tells answers apart by
their first message alone. It cuts long prompts at their end, where the latest turns are: set
`++model.max_prompt_length` and `++model.max_length` to the longest row. It renders each message alone, too, which not
every chat template allows.

Rewards come from measured losses: `-n / (1 + n)` for a count `n`, summed over hard constraints with goals, failed
steps, soft constraints and discrepancies, each place worth a quarter of the one before. 0 is perfect, -4/3 the worst;
the scale is ours. A row without a measured reward is left out, because HALOs stops at it.

`c_w` and `c_l` say whether the plan of the preferred and of the other trajectory is carried out alike each time, over
all recordings for the same task with the same plan (1 is alike; null with fewer than two). `c_tau` says how far the
trajectory followed its plan, by links that are certain (null where there are none, or one was only read out of a text).
`weight` is `(c_w - c_l + 1) / 2` for pairs and `c_tau` for judgements, null where not measured, unless another weight
is asked for; HALOs ignores it in silence, resampling does not. A revision keeps the plan of its base, so that the
weight of a pair within one lineage is 0.5. `shared_prefix_turns` counts the turns before the answer."""

NOT_MEASURED = "the losses were not measured: there is no reward"

_COORDINATION: Columns = {"c_w": "float64", "c_l": "float64", "c_tau": "float64", "shared_prefix_turns": "int64"}
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
    **_COORDINATION,
}
JUDGEMENTS: Columns = {
    "prompt_id": "string",
    "prompt": [flat.FLAT],
    "output": [flat.FLAT],
    "label": "int64",
    "reward": "float64",
    "type": "string",
    "split": "string",
    **_COORDINATION,
}


Shown = TypeVar("Shown", PreferencePair, UnpairedJudgement)


@dataclass(frozen=True, kw_only=True)
class Feedback(Example, Generic[Shown]):
    """A pair or a judgement with what CoPE measures of it.

    Attributes:
        losses: Of the trajectory that is preferred, or was judged; None where they were not measured.
        split: As HALOs knows it, `train` or `test`.
        c_w: How alike the plan of that trajectory is carried out each time (`coordination.alike`).
        c_l: The same of the trajectory that it is compared with.
        c_tau: How far it followed its plan (`PlanAlignment.c_tau`).
    """

    shown: Shown
    losses: LossVector | None
    split: str
    c_w: float | None
    c_l: float | None
    c_tau: float | None

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two of them one."""
        return self.shown.content

    @property
    def known(self) -> JsonObject:
        """The columns that pairs and judgements have alike."""
        turns = sum(item["role"] in ("user", "assistant") for item in self.shown.prompt)
        measured: JsonObject = {"c_w": self.c_w, "c_l": self.c_l, "c_tau": self.c_tau}
        return {"split": self.split, **measured, "shared_prefix_turns": turns}


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
    trajectory, base = lineage.sides[of.trajectory].trajectory, lineage.sides[of.base].trajectory
    first = settings.splits.names[0]
    return Feedback(
        provenance=of,
        shown=shown,
        losses=measured,
        split="train" if settings.splits.part_of(of.task) == first else "test",
        c_w=lineage.plan_runs.alike(trajectory),
        c_l=lineage.plan_runs.alike(base),  # the other side is the base, or made from it: hunks change no plan
        c_tau=PlanAlignment.of(trajectory, Annotations.of(trajectory.id, lineage.entries).links).c_tau,
    )


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


def planner_weight_of(example: Feedback[PreferencePair]) -> float | None:
    """Weight of a pair; None where a plan was not carried out twice."""
    return None if example.c_w is None or example.c_l is None else planner_weight(example.c_w, example.c_l)


def executor_weight_of(example: Feedback[UnpairedJudgement]) -> float | None:
    """Weight of a judgement."""
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
            weight=planner_weight_of,
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
    ),
    {"tools": "as text", "reward": "distance of the losses from perfect ones, -4/3 to 0"},
)
