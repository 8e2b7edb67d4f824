"""veRL: its own data sets for multi-turn SFT and for reinforcement learning, on Parquet.

`ray` is stood in for by an empty module where it is not installed: the data sets only name one of its classes.
"""

import importlib.machinery
import importlib.util
import sys
import types

if importlib.util.find_spec("ray") is None:
    ray = types.ModuleType("ray")
    ray.__spec__ = importlib.machinery.ModuleSpec("ray", None)
    ray.__dict__["ObjectRef"] = type("ObjectRef", (), {})
    sys.modules["ray"] = ray

import pyarrow.parquet
from omegaconf import OmegaConf
from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset
from verl.utils.dataset.rl_dataset import RLHFDataset

from . import tiny
from .answers import Answer, SeenRow, answer_for, failed, look_through
from .request import File, Request, Row

SFT = {"max_length": tiny.LONGEST, "truncation": "error", "pad_mode": "no_padding"}
RL = {"max_prompt_length": tiny.LONGEST, "return_raw_chat": True, "filter_overlong_prompts_workers": None}
SHOWN = ("data_source", "ability", "reward_model", "extra_info", "index", "tools_kwargs")
"""What stands beside a prompt, and goes to reward functions and tools."""


def read(request: Request) -> list[Answer]:
    """Every file of the export, by its columns."""
    return [_read(request, file) for file in request.files]


def _read(request: Request, file: File) -> Answer:
    answer = answer_for(file, "veRL")
    try:
        schema = pyarrow.parquet.read_schema(file.path)
        answer["features"] = {column.name: str(column.type) for column in schema}
        tok = tiny.tokenizer(file.texts())
        if "messages" in schema.names:
            answer["loader"] = "MultiTurnSFTDataset"
            made = MultiTurnSFTDataset([str(file.path)], tok, OmegaConf.create(SFT))
            rows = (_chat(tok, made[number]) for number in range(min(request.rows, len(made))))
        else:
            answer["loader"] = "RLHFDataset"
            config = OmegaConf.create({**RL, "cache_dir": str(request.work / "verl")})
            made = RLHFDataset([str(file.path)], tok, config)
            rows = (_prompt(tok, made[number]) for number in range(min(request.rows, len(made))))
        answer["read"] = len(made)
        answer["rows"] = list(rows)
        look_through(answer, file.first(request.rows))
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def _chat(tok: tiny.Tokenizer, row: Row) -> SeenRow:
    mask = [bool(flag) for flag in row["loss_mask"].tolist()]
    return {"texts": {"messages": tiny.runs(tok, row["input_ids"].tolist(), mask)}, "values": {}}


def _prompt(tok: tiny.Tokenizer, row: Row) -> SeenRow:
    """The prompt as it is rendered for a rollout; what is generated is what is trained."""
    text = tok.apply_chat_template(list(row["raw_prompt"]), add_generation_prompt=True, tokenize=False)
    return {"texts": {"prompt": [(False, text)]}, "values": {name: row[name] for name in SHOWN if name in row}}
