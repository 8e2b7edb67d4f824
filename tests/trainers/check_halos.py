"""Reads the rows for HALOs by its rules: `check_halos.py EXPORT [CHECKOUT]`, in TRL's environment.

HALOs is in no package index. With the folder of a checkout, its own `train/dataloader.py` loads every file, and what it
masks is compared with what was meant. Without one, the rows are only held against the rules that its code was read to
have: they say nothing about what it trains on.
"""

import contextlib
import functools
import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any  # rows of exports, whose columns differ

from check_learning import say
from expected_masks import Runs, answer

from hitl_app.exchange.checking.outside.trainer_readers import tiny

Row = dict[str, Any]
Seen = Counter[str]

PAIRS, JUDGED = "pairwise_feedback", "binary_feedback"


def faults(rows: Sequence[Row]) -> Iterator[str]:
    """What breaks a rule: it would stop HALOs, or it would change a row in silence."""
    if len({row["type"] for row in rows} & {PAIRS, JUDGED}) != 1:
        yield "one file has one type of feedback"
    groups = defaultdict(list)
    for number, row in enumerate(rows):
        groups[" ".join(turn["content"] for turn in row["prompt"])].append(row)
        sides = [row["output_A"], row["output_B"]] if row["type"] == PAIRS else [row["output"]]
        rewards = [row["reward_A"], row["reward_B"]] if row["type"] == PAIRS else [row["reward"]]
        turns = [*row["prompt"], *(turn for side in sides for turn in side)]
        if any(set(turn) != {"role", "content"} or not isinstance(turn["content"], str) for turn in turns):
            yield f"row {number}: a turn is a role and a text"
        if any([turn["role"] for turn in side] != ["assistant"] for side in sides):
            yield f"row {number}: an answer is one message of the assistant"
        if not all(isinstance(value, int | float) for value in rewards):
            yield f"row {number}: rewards are numbers"
        if row["label"] not in ((1,) if row["type"] == PAIRS else (0, 1)):
            yield f"row {number}: A is preferred, and an answer is good (1) or bad (0)"
        if len({side[0]["content"] for side in sides}) != len(sides):
            yield f"row {number}: both answers begin alike, and are one to HALOs"
    for of_prompt in groups.values():
        if len({(row["split"], json.dumps(row["prompt"])) for row in of_prompt}) != 1:
            yield "prompts of the same words are one prompt, in one split"


def tokenizer(rows: Sequence[Row]) -> tiny.Tokenizer:
    """HALOs expects lists of tokens, as transformers 4 gave them."""
    tok = tiny.tokenizer(json.dumps(row, ensure_ascii=False) for row in rows)
    tok.apply_chat_template = functools.partial(tok.apply_chat_template, return_dict=False)
    return tok


def length(tok: tiny.Tokenizer, rows: Sequence[Row]) -> int:
    """Tokens of the longest row, each message rendered by itself, as HALOs counts them."""

    def tokens(turn: Row) -> int:
        return len(tok.apply_chat_template([turn], add_generation_prompt=True))

    sides = ("output", "output_A", "output_B")
    return max(sum(map(tokens, [*row["prompt"], *row.get(side, ())])) for row in rows for side in sides)


def as_key(runs: Runs, status: str) -> str:
    return json.dumps([status, runs], ensure_ascii=False)


def loaded(dataloader: ModuleType, file: Path, rows: Sequence[Row]) -> Seen:
    """What HALOs' loaders for DPO and KTO hand to the model, one entry for each answer."""
    tok, seen = tokenizer(rows), Seen()
    paired = rows[0]["type"] == PAIRS
    kind = dataloader.PairedPreferenceDataLoader if paired else dataloader.UnpairedPreferenceDataLoader
    longest = length(tok, rows)
    sizes = {"max_length": longest, "max_prompt_length": longest, "microbatch_size": 1 if paired else 2}
    with contextlib.redirect_stdout(sys.stderr):
        batches = list(kind([str(file)], tok, split="train", n_epochs=1, **sizes))
    for batch in batches:
        for number, status in enumerate(batch.get("status", ["pair"])):
            for side in ("chosen", "rejected") if paired else ("target",):
                held = int(batch[f"{side}_combined_attention_mask"][number].sum())
                ids = batch[f"{side}_combined_input_ids"][number][:held].tolist()
                runs = tiny.labelled(tok, ids, batch[f"{side}_labels"][number][:held].tolist())
                seen[as_key(runs, side if paired else status)] += 1
    return seen


def meant(rows: Sequence[Row]) -> Seen:
    """The same by the rows alone: the answer is trained, and nothing before it."""
    seen = Seen()
    for row in rows:
        if row["type"] == PAIRS:
            seen[as_key(answer(row["prompt"], row["output_A"]), "chosen")] += 1
            seen[as_key(answer(row["prompt"], row["output_B"]), "rejected")] += 1
        else:
            seen[as_key(answer(row["prompt"], row["output"]), "chosen" if row["label"] else "rejected")] += 1
    return seen


def check(file: Path, dataloader: ModuleType | None) -> bool:
    rows: list[Row] = json.loads(file.read_text("utf-8"))
    named = f"{file.parent.name} {file.stem}: {len(rows)} rows"
    found = list(dict.fromkeys(faults(rows)))
    for fault in found:
        sys.stderr.write(f"{file}: {fault}\n")
    if dataloader is None:
        return say(f"{named}, by the rules that HALOs' loader has", not found)
    seen = loaded(dataloader, file, rows)
    answers = 2 * len(rows) if rows[0]["type"] == PAIRS else len(rows) // 2 * 2  # its KTO drops a last batch of one
    same = not seen - meant(rows) and seen.total() == answers
    shown = f"{named}, {seen.total()} answers trained, their prompts masked, by HALOs' own loader"
    return say(shown, not found and same)


def main() -> int:
    export, checkout = Path(sys.argv[1]), sys.argv[2:]
    dataloader = None
    if checkout:
        sys.path.insert(0, str(Path(checkout[0]).resolve()))
        dataloader = importlib.import_module("train.dataloader")
    good = [check(file, dataloader) for file in sorted(export.glob("*-train.json"))]
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
