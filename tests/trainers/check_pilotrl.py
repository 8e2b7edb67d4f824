"""Lets veRL load and reward the rows for PilotRL: `check_pilotrl.py EXPORT`, in veRL's environment.

Each row is loaded by `RLHFDataset`, and what the agent did then is rewarded by veRL's own reward manager with the
`rewards.py` that lies beside the rows: that has to come to the total on record. It shows that files and functions fit
veRL; nothing is trained, and PilotRL's own changes to veRL were not at hand.
"""

import contextlib
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any  # rows of exports, whose columns differ

from hitl_app.exchange.checking.outside.trainer_readers import (
    tiny,
    verl_reader,
)  # stands in for ray

# isort: split

import pyarrow.parquet
import torch
from expected_masks import render
from omegaconf import OmegaConf
from verl import DataProto
from verl.utils.dataset.rl_dataset import RLHFDataset
from verl.utils.import_utils import load_extern_object
from verl.workers.reward_manager.naive import NaiveRewardManager

Row = dict[str, Any]

STAGES = ("stage1", "stage2", "stage3")
CHAT = {"prompt_key": "chat", "max_prompt_length": tiny.LONGEST, "return_raw_chat": True}


def load(file: Path, tok: tiny.Tokenizer, work: str) -> list[Row]:
    config = OmegaConf.create({**verl_reader.RL, **CHAT, "cache_dir": work})
    with contextlib.redirect_stdout(sys.stderr):
        made = RLHFDataset([str(file)], tok, config)
    return [made[number] for number in range(len(made))]


def rewarded(export: Path, rows: Sequence[Row], tok: tiny.Tokenizer) -> list[float]:
    """What veRL's reward manager makes of the recorded actions."""
    manager = NaiveRewardManager(tok, 0, load_extern_object(str(export / "rewards.py"), "compute_score"))
    values = []
    for row in rows:
        prompt = tok(row["prompt"][-1:], return_tensors="pt")["input_ids"]
        answer = tok(row["extra_info"]["agent_action"], return_tensors="pt")["input_ids"]
        mask = torch.ones(1, prompt.shape[1] + answer.shape[1], dtype=torch.long)
        texts = {"prompts": prompt, "responses": answer, "attention_mask": mask}
        others = {name: [row[name]] for name in ("data_source", "reward_model", "extra_info")}
        values.append(float(manager(DataProto.from_dict(texts, others)).sum()))
    return values


def check(export: Path, stage: str, work: str) -> bool:
    file = export / f"{stage}-train.parquet"
    written = pyarrow.parquet.read_table(file).to_pylist()
    tok = tiny.tokenizer(row["prompt"] for row in written)
    rows = load(file, tok, work)
    asked = [tok.apply_chat_template(row["raw_prompt"], add_generation_prompt=True, tokenize=False) for row in rows]
    meant = [render([{"role": "user", "content": row["prompt"]}], answer_follows=True) for row in written]
    totals = [(row["r_total"], value) for row, value in zip(written, rewarded(export, rows, tok), strict=True)]
    known = [(total, value) for total, value in totals if total is not None]
    good = asked == meant and all(math.isclose(total, value, abs_tol=1e-6) for total, value in known)
    shown = f"{len(rows)} of {len(written)} rows, {len(known)} with a total, which veRL's reward manager comes to"
    sys.stdout.write(f"  pilotrl {stage}, RLHFDataset: {shown}: {'ok' if good else 'WRONG'}\n")
    return good and len(rows) == len(written)


def main() -> int:
    export = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        good = [check(export, stage, work) for stage in STAGES]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
