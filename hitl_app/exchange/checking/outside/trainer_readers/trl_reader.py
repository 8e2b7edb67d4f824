"""TRL: `load_dataset` on the folder, then the trainer's own preparation and collator. Nothing is trained."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import datasets
import torch
import transformers
import trl

from . import tiny
from .answers import Answer, Runs, SeenRow, answer_for, failed, look_through
from .datasets_reader import load
from .request import File, Request, Row

transformers.logging.set_verbosity_error()
logging.getLogger("trl").setLevel(logging.ERROR)

Settings = dict[str, Any]  # Any: what a trainer's configuration takes

SHOWN = ("label", "margin")
"""Values of a batch that stand beside its texts."""


def settings(folder: str) -> Settings:
    """Settings of every trainer's configuration: on the CPU, nothing cut, nothing written but to a folder."""
    return {
        "output_dir": folder,
        "report_to": "none",
        "save_strategy": "no",
        "disable_tqdm": True,
        "use_cpu": True,
        "bf16": False,
        "seed": 0,
    }


def sft(rows: datasets.Dataset, tok: tiny.Tokenizer, more: Settings) -> trl.SFTTrainer:
    """The assistant's messages alone are trained: all of the chat would be without that."""
    config = trl.SFTConfig(**{"max_length": None, "assistant_only_loss": True, **more})
    return trl.SFTTrainer(tiny.model(tok), config, train_dataset=rows, processing_class=tok)


def completions(rows: datasets.Dataset, tok: tiny.Tokenizer, more: Settings) -> trl.SFTTrainer:
    """Answers of one message: with a prompt beside it, the completion alone is trained."""
    return sft(rows, tok, {"assistant_only_loss": False, **more})


def dpo(rows: datasets.Dataset, tok: tiny.Tokenizer, more: Settings) -> trl.DPOTrainer:
    """Pairs with an explicit prompt."""
    config = trl.DPOConfig(max_length=None, **more)
    reference = tiny.model(tok)
    return trl.DPOTrainer(tiny.model(tok), reference, config, train_dataset=rows, processing_class=tok)


def kto(rows: datasets.Dataset, tok: tiny.Tokenizer, more: Settings) -> trl.KTOTrainer:
    """Judgements; a batch has more than one row, because the others of it are the comparison."""
    config = trl.KTOConfig(max_length=None, **more)
    reference = tiny.model(tok)
    return trl.KTOTrainer(tiny.model(tok), reference, config, train_dataset=rows, processing_class=tok)


def reward(rows: datasets.Dataset, tok: tiny.Tokenizer, more: Settings) -> trl.RewardTrainer:
    """Pairs, each side as a whole; one number comes of each."""
    config = trl.RewardConfig(max_length=None, **more)
    return trl.RewardTrainer(tiny.model(tok, reward=True), config, train_dataset=rows, processing_class=tok)


TRAINERS: Mapping[str, Callable[[datasets.Dataset, tiny.Tokenizer, Settings], transformers.Trainer]] = {
    "trl-sft": sft,
    "trl-dpo": dpo,
    "trl-kto": kto,
    "trl-reward": reward,
    "critic": completions,
    "plan-and-act-messages": sft,
}
"""What makes the trainer of each format; `grpo` generates its answers itself."""

LOADERS = {
    "trl-sft": "SFTTrainer, assistant_only_loss",
    "trl-dpo": "DPOTrainer",
    "trl-kto": "KTOTrainer",
    "trl-reward": "RewardTrainer, which judges all of a text",
    "trl-grpo": "GRPOTrainer",
    "critic": "SFTTrainer",
    "plan-and-act-messages": "SFTTrainer, assistant_only_loss",
}
SIDES = {
    "trl-sft": ("messages",),
    "trl-kto": ("completion",),
    "critic": ("completion",),
    "plan-and-act-messages": ("messages",),
}
"""Names of the texts that make one example, in the order in which a collator stacks them; else they are a pair."""


def read(request: Request) -> list[Answer]:
    """Every file of the export, as its trainer sees it."""
    return [_read(request, file) for file in request.files]


def _read(request: Request, file: File) -> Answer:
    answer = answer_for(file, LOADERS[request.format])
    try:
        rows = load(request, file)
        answer["read"] = len(rows)
        answer["features"] = {name: str(feature) for name, feature in rows.features.items()}
        first = rows.select(range(min(request.rows, len(rows))))
        tok = tiny.tokenizer(file.texts())
        if request.format == "trl-grpo":
            answer["rows"] = [_prompt(tok, row) for row in first]
        else:
            trainer = TRAINERS[request.format](first, tok, settings(str(request.work)))
            names = SIDES.get(request.format, ("chosen", "rejected"))
            answer["rows"] = [collated(tok, trainer, row, names) for row in trainer.train_dataset]
        look_through(answer, file.first(request.rows), list(first), masks=request.format != "trl-reward")
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def collated(tok: tiny.Tokenizer, trainer: transformers.Trainer, row: Row, names: Sequence[str]) -> SeenRow:
    """A prepared row as the trainer's collator hands it to the model."""
    batch = trainer.data_collator([row])
    texts = {name: _side(tok, batch, place) for place, name in enumerate(names)}
    values = {name: torch.as_tensor(batch[name])[0].item() for name in SHOWN if name in batch}
    return {"texts": texts, "values": values}


def _side(tok: tiny.Tokenizer, batch: Mapping[str, torch.Tensor], place: int) -> Runs:
    ids = batch["input_ids"][place].tolist()
    if "labels" in batch:
        return tiny.labelled(tok, ids, batch["labels"][place].tolist())
    held = [number for number, flag in enumerate(batch["attention_mask"][place].tolist()) if flag]
    mask = batch["completion_mask"][place].tolist() if "completion_mask" in batch else [1] * len(ids)
    return tiny.runs(tok, [ids[number] for number in held], [bool(mask[number]) for number in held])


def _prompt(tok: tiny.Tokenizer, row: Row) -> SeenRow:
    """A prompt as GRPOTrainer renders it; every other column goes to the reward functions."""
    ids = tok.apply_chat_template(row["prompt"], add_generation_prompt=True, return_dict=True)["input_ids"]
    others = {name: value for name, value in row.items() if name != "prompt"}
    return {"texts": {"prompt": tiny.runs(tok, ids, [False] * len(ids))}, "values": others}
