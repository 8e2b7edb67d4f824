"""LLaMA-Factory: its own loader, converter, template and processor, on a folder with `dataset_info.json`.

`torchaudio`, whose wheel wants CUDA libraries, is stood in for by an empty module where it cannot be imported: it is
used for sound alone.
"""

import importlib.machinery
import json
import sys
import types
from collections.abc import Mapping
from typing import Any

try:
    import torchaudio  # noqa: F401 -- whether it can be imported is the question
except (ImportError, OSError):
    sys.modules["torchaudio"] = types.ModuleType("torchaudio")
    sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import DataArguments, ModelArguments
from transformers import Seq2SeqTrainingArguments

from . import tiny
from .answers import Answer, SeenRow, answer_for, failed, look_through
from .request import File, Request, Row

TEMPLATE = "qwen"
INFO = "dataset_info.json"


def read(request: Request) -> list[Answer]:
    """Every file of the export, as its stage sees it."""
    described = json.loads((request.folder / INFO).read_text(encoding="utf-8"))
    names = {info["file_name"]: name for name, info in described.items()}
    return [_read(request, file, names.get(file.path.name, ""), described) for file in request.files]


def _read(request: Request, file: File, name: str, described: Mapping[str, Any]) -> Answer:  # Any: JSON
    if not name:
        return Answer({**answer_for(file, "LLaMA-Factory"), "problem": f"{INFO} does not name it"})
    stage = stage_of(described[name])
    answer = answer_for(file, f"LLaMA-Factory, stage {stage}, template {TEMPLATE}")
    try:
        home = request.work / name
        tok = tiny.tokenizer(file.texts(), to=home)
        data = DataArguments(
            template=TEMPLATE,
            dataset=name,
            dataset_dir=str(request.folder),
            cutoff_len=tiny.LONGEST,
            overwrite_cache=True,
        )
        found = get_dataset(
            get_template_and_fix_tokenizer(tok, data),
            ModelArguments(model_name_or_path=str(home), cache_dir=str(home / "cache")),
            data,
            Seq2SeqTrainingArguments(output_dir=str(home / "out"), report_to="none", use_cpu=True),
            stage=stage,
            tokenizer=tok,
        )["train_dataset"]
        answer["read"] = len(found)
        answer["features"] = {column: str(feature) for column, feature in found.features.items()}
        answer["rows"] = [_row(tok, row) for row in found.select(range(min(request.rows, len(found))))]
        look_through(answer, file.first(request.rows))
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def stage_of(info: Mapping[str, Any]) -> str:  # Any: JSON
    """The stage that takes such a data set: DPO, ORPO, SimPO and reward models all load it as `rm`."""
    if info.get("ranking"):
        return "rm"
    return "kto" if "kto_tag" in info.get("columns", {}) else "sft"


def _row(tok: tiny.Tokenizer, row: Row) -> SeenRow:
    """Texts of a processed row: `labels` go with `input_ids`, `chosen_labels` with `chosen_input_ids`."""
    prefixes = [name.removesuffix("labels") for name in row if name.endswith("labels")]
    texts = {
        prefix.rstrip("_") or "conversations": tiny.labelled(tok, row[f"{prefix}input_ids"], row[f"{prefix}labels"])
        for prefix in prefixes
    }
    return {"texts": texts, "values": {"kto_tag": row["kto_tags"]} if "kto_tags" in row else {}}
