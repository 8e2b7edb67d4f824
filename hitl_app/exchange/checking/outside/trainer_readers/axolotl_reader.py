"""Axolotl: its own preparation of data for SFT, DPO, KTO and step-wise supervision, on JSON Lines.

The configuration is what the export's own `.yaml` files say of each file, and not passed through Axolotl's schema.
"""

from typing import Any

import yaml
from axolotl.utils.data import prepare_datasets, prepare_preference_datasets
from axolotl.utils.dict import DictDefault
from axolotl.utils.schemas.enums import RLType

from . import tiny
from .answers import Answer, Runs, SeenRow, answer_for, failed, look_through
from .request import File, Request, Row

Settings = dict[str, Any]  # Any: a section of Axolotl's configuration


def read(request: Request) -> list[Answer]:
    """Every file of the export, as the configuration that names it reads it."""
    described: dict[str, tuple[str | None, Settings]] = {}
    for config in sorted(request.folder.glob("*.yaml")):
        said = yaml.safe_load(config.read_text(encoding="utf-8"))
        for section in ("datasets", "test_datasets"):
            described.update((each["path"], (said.get("rl"), each)) for each in said.get(section, ()))
    return [_read(request, file, described.get(file.path.name)) for file in request.files]


def _read(request: Request, file: File, described: tuple[str | None, Settings] | None) -> Answer:
    if described is None:
        return Answer({**answer_for(file, "Axolotl"), "problem": "no .yaml file of the export names it"})
    rl, source = described
    kind = source["type"] if isinstance(source["type"], str) else "its own columns"
    answer = answer_for(file, f"Axolotl, {'SFT' if rl is None else f'rl: {rl}'}, type: {kind}")
    try:
        tok = tiny.tokenizer(file.texts(), to=request.work / file.path.stem)
        config = _config(request, file, tok, rl, source)
        if rl is None:
            found = prepare_datasets(config, tok)[0]
            answer["rows"] = [_chat(tok, row) for row in found.select(range(min(request.rows, len(found))))]
        else:
            found = prepare_preference_datasets(config, tok)[0]
            answer["rows"] = [_texts(row) for row in found.select(range(min(request.rows, len(found))))]
        answer["read"] = len(found)
        answer["features"] = {name: str(feature) for name, feature in found.features.items()}
        look_through(answer, file.first(request.rows))
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def _config(request: Request, file: File, tok: tiny.Tokenizer, rl: str | None, source: Settings) -> DictDefault:
    home = str(request.work / file.path.stem)
    tiny.model(tok).config.save_pretrained(home)  # the loader of tokenizers looks at the model's configuration
    return DictDefault(
        {
            "base_model": home,
            "base_model_config": home,
            "tokenizer_config": home,
            "tokenizer_type": "PreTrainedTokenizerFast",
            "model_config_type": "qwen2",
            "chat_template": "tokenizer_default",
            "sequence_len": tiny.LONGEST,
            "rl": None if rl is None else RLType(rl),
            "datasets": [{**source, "path": str(file.path)}],
            "dataset_prepared_path": f"{home}/prepared",
            "dataset_num_proc": 1,
            "val_set_size": 0,
            "is_preprocess": True,
            "train_on_inputs": False,
            "seed": 0,
        }
    )


def _chat(tok: tiny.Tokenizer, row: Row) -> SeenRow:
    return {"texts": {"messages": tiny.labelled(tok, row["input_ids"], row["labels"])}, "values": {}}


def _texts(row: Row) -> SeenRow:
    """A pair or a judgement as it is handed to TRL: texts, of which the prompt is masked."""
    names = ("chosen", "rejected", "completion")
    texts: dict[str, Runs] = {name: [(False, row["prompt"]), (True, row[name])] for name in names if name in row}
    return {"texts": texts, "values": {"label": row["label"]} if "label" in row else {}}
