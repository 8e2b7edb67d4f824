"""Trains and reads what was exported for the other methods: `check_methods.py EXPORTS`, in TRL's environment.

TRL's SFT learns each set of Plan-and-Act, and its DPO CoPE's pairs of plans, written as often as their weight says:
no trainer reads a weight. COPE's tables are read with pandas and added up. A tiny model is made on the spot.
"""

import math
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pandas  # type: ignore[import-untyped]  # comes with the trainers
from check_learning import ends, history, learns, say, settings
from datasets import Dataset

from hitl_app.exchange.checking.outside.trainer_readers import tiny, trl_reader

SETS = ("planner", "executor", "replanner")
RATE = 4
"""As `make_method_exports.py` resampled."""

STEPS = 8
COSTS = ["calls", "tokens_in", "tokens_out"]
PLACE = ["run", "start_id", "attempt", "stage"]


def lines(file: Path) -> pandas.DataFrame:
    return pandas.read_json(file, lines=True, dtype=False)


def learns_by_weight(exports: Path) -> bool:
    """DPO on pairs of plans, of which those with a greater weight are there more often."""
    pairs = lines(exports / "halos" / "planner-pairs-train.jsonl")
    copies = lines(exports / "halos-resampled" / "planner-pairs-train.jsonl")
    counts = Counter(copies["base"] + copies["trajectory"])
    wanted = zip(pairs["base"] + pairs["trajectory"], RATE * pairs["weight"], strict=True)
    fair = all(math.floor(due) <= counts[pair] <= math.ceil(due) for pair, due in wanted)
    sides = copies.rename(columns={"output_A": "chosen", "output_B": "rejected"})[["prompt", "chosen", "rejected"]]
    rows = Dataset.from_list(sides.to_dict("records"))
    with tempfile.TemporaryDirectory() as work:
        tok = tiny.tokenizer(str(row) for row in sides.to_dict("records"))
        losses = history(trl_reader.dpo(rows, tok, settings(work, STEPS)), "loss")
    first, last = ends(losses)
    shown = f"{len(pairs)} pairs of plans, weights {pairs['weight'].min():.3f} to {pairs['weight'].max():.3f}"
    shown += f", {len(rows)} rows by weight, {len(losses)} steps, DPO loss {first:.4f} -> {last:.4f}"
    return say(f"halos planner-pairs: {shown}", fair and all(map(math.isfinite, losses)) and last < first)


def adds_up(exports: Path) -> bool:
    """Each stage of a cascade costs what its calls cost, and its consensus is the share of the greatest vote."""
    folder = exports / "cope_routing"
    stages, calls = lines(folder / "stages.jsonl"), lines(folder / "calls.jsonl")
    spent = calls.assign(calls=1).groupby(PLACE)[COSTS].sum()
    same = spent.eq(stages.set_index(PLACE)[COSTS]).all(axis=None)
    answers = calls[calls["part"] == "execution"].drop_duplicates([*PLACE, "sample_idx"])
    shares = answers.groupby(PLACE)["answer"].agg(lambda given: given.value_counts().max() / len(given))
    voted = stages[stages["threshold"].notna()].set_index(PLACE)["consensus"]
    agreed = all(math.isclose(shares[place], consensus) for place, consensus in voted.items())
    gone_on, tokens = stages["escalated_by"].notna().sum(), spent["tokens_in"].sum()
    shown = f"{len(stages)} stages, {gone_on} of them escalated, {len(calls)} calls, {tokens:,} tokens in"
    return say(f"cope_routing: {shown}", bool(same) and agreed)


def main() -> int:
    exports = Path(sys.argv[1])
    good = [learns(exports, "plan-and-act-messages", table) for table in SETS]
    good += [learns_by_weight(exports), adds_up(exports)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
