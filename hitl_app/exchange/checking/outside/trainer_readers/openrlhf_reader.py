"""OpenRLHF: its own data sets for SFT, DPO, reward models and prompts, on JSON Lines."""

from collections.abc import Mapping
from types import SimpleNamespace

import torch
from openrlhf.datasets import PromptDataset, RewardDataset, SFTDataset
from openrlhf.datasets.utils import blending_datasets

from . import tiny
from .answers import Answer, SeenRow, answer_for, failed, look_through
from .request import File, Request

Keys = Mapping[str, str | bool | None]
"""Flags of its command line, `--data.NAME VALUE`."""

PAIRS: Keys = {"prompt_key": "prompt", "chosen_key": "chosen", "rejected_key": "rejected"}


def read(request: Request) -> list[Answer]:
    """Every file of the export, by its columns."""
    return [_read(request, file) for file in request.files]


def _read(request: Request, file: File) -> Answer:
    first = file.first(request.rows)
    columns = set(first[0]) if first else set()
    keys, multiturn = _keys(columns)
    flags = " ".join(f"--data.{name} {value}" for name, value in keys.items() if value)
    answer = answer_for(file, f"{flags} --data.apply_chat_template{' --data.multiturn' if multiturn else ''}")
    try:
        strategy = _strategy({**keys, "apply_chat_template": True})
        data = blending_datasets(str(file.path), None, strategy, dataset_split="train")
        answer["features"] = {name: str(feature) for name, feature in data.features.items()}
        tok = tiny.tokenizer(file.texts())
        if "chosen" in columns:
            made = RewardDataset(data, tok, tiny.LONGEST, strategy, is_dpo=True, num_processors=None)
            rows = (_pair(tok, made[number]) for number in range(min(request.rows, len(made))))
        elif "label" in columns:
            made = PromptDataset(data, tok, strategy)
            rows = (_prompt(made[number]) for number in range(min(request.rows, len(made))))
        else:
            made = SFTDataset(data, tok, tiny.LONGEST, strategy, num_processors=None, multiturn=multiturn)
            rows = (_chat(tok, made[number]) for number in range(min(request.rows, len(made))))
        answer["read"] = len(made)
        answer["rows"] = list(rows)
        look_through(answer, first)
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def _keys(columns: set[str]) -> tuple[Keys, bool]:
    """Flags for such columns, and whether a row is a whole chat."""
    if "chosen" in columns:
        return PAIRS, False
    if "label" in columns:
        return {"input_key": "input", "label_key": "label"}, False
    return {"input_key": "input", "output_key": "output" if "output" in columns else None}, "output" not in columns


def _strategy(keys: Keys) -> SimpleNamespace:
    """As much of its strategy as the data sets read."""
    args = SimpleNamespace(data=SimpleNamespace(**keys), use_ms=False)
    return SimpleNamespace(args=args, print=lambda *_: None, is_rank_0=lambda: False)


def _pair(tok: tiny.Tokenizer, item: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, int]) -> SeenRow:
    """For DPO, the first tokens of both sides, `prompt` in number, are masked."""
    chosen, _, rejected, _, prompt = item
    sides = (("chosen", chosen[0].tolist()), ("rejected", rejected[0].tolist()))
    texts = {name: tiny.runs(tok, ids, [place >= prompt for place in range(len(ids))]) for name, ids in sides}
    return {"texts": texts, "values": {}}


def _chat(tok: tiny.Tokenizer, item: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> SeenRow:
    """The mask stands at the token before the one that is learnt."""
    ids, _, mask = item
    flags = [bool(flag) for flag in mask[0].tolist()]
    return {"texts": {"input": tiny.runs(tok, ids[0].tolist(), [False, *flags[:-1]])}, "values": {}}


def _prompt(item: tuple[str, str, str, object]) -> SeenRow:
    source, prompt, label, _ = item
    return {"texts": {"input": [(False, prompt)]}, "values": {"label": label, "datasource": source}}
