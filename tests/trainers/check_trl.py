"""Train a tiny model on real exports with TRL: `check_trl.py SFT_FOLDER DPO_FOLDER`.

Needs no network: the model and its tokenizer are made on the spot. It shows that the files load and that the loss falls
on their shortest rows, untruncated; it shows nothing about quality. Runs in the environment of `requirements.txt`,
never in the product's.
"""

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import datasets  # type: ignore[import-not-found]  # only in the trainers' own environment
import tokenizers  # type: ignore[import-not-found]  # only in the trainers' own environment
import torch  # type: ignore[import-not-found]  # only in the trainers' own environment
import transformers  # type: ignore[import-not-found]  # only in the trainers' own environment
import trl  # type: ignore[import-not-found]  # only in the trainers' own environment
from datasets import Dataset
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

ROWS = 3
STEPS = 5
MAX_TOKENS = 65536

# Renders tools, tool calls and tool results: a template without them would drop the calls without a word.
TEMPLATE = """
{%- if tools %}<|system|>{{ tools | tojson }}<|end|>{% endif %}
{%- for message in messages %}<|{{ message.role }}|>{{ message.content or '' }}
{%- for call in message.tool_calls or [] %}<|call|>{{ call.function.name }} {{ call.function.arguments }}{% endfor %}
{%- if message.role == 'assistant' %}{{ eos_token }}{% else %}<|end|>{% endif %}{% endfor %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}"""

SPECIAL = ["<|pad|>", "<|eos|>", "<|end|>", "<|call|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]

Row = dict[str, Any]  # Any: a row of a dataset, whose columns are the export's


def texts(rows: Dataset) -> Iterator[str]:
    """Everything that is said in the rows."""
    for row in rows:
        for column in ("messages", "prompt", "chosen", "rejected"):
            for message in row.get(column) or []:
                yield message["content"] or ""
                yield from (call["function"]["arguments"] for call in message["tool_calls"] or [])


def make_tokenizer(rows: list[Dataset]) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer trained on the data."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=2000, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator((text for part in rows for text in texts(part)), trainer)
    ends = {"pad_token": SPECIAL[0], "eos_token": SPECIAL[1]}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **ends)
    fast.chat_template = TEMPLATE
    return fast


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Two layers with random weights, always the same."""
    torch.manual_seed(0)
    return LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=MAX_TOKENS,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


def settings(out: str, rows: Dataset) -> Row:
    """What both trainers are told: each step takes all rows, one at a time."""
    return {
        "output_dir": out,
        "max_steps": STEPS,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": len(rows),
        "learning_rate": 2e-3,
        "lr_scheduler_type": "constant",
        "max_length": None,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "use_cpu": True,
        "bf16": False,
        "activation_checkpointing": False,
        "seed": 0,
    }


def train(name: str, trainer: trl.SFTTrainer | trl.DPOTrainer) -> bool:
    """Train, say how the loss went, and whether it fell."""
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    fell = len(losses) == STEPS and all(map(math.isfinite, losses)) and losses[-1] < losses[0]
    steps = f"{len(trainer.train_dataset)} rows, {len(losses)} steps"
    say(f"{name}: {steps}, loss {losses[0]:.4f} -> {losses[-1]:.4f}: {'ok' if fell else 'FAILED'}")
    return fell


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def load(file: Path, cache: str) -> Dataset:
    """The rows of one exported file, the shortest first.

    Raises:
        SystemExit: It has none: training on nothing proves nothing.
    """
    if not file.is_file() or not file.stat().st_size:
        raise SystemExit(f"{file}: no rows")
    rows = datasets.load_dataset("json", data_files=str(file), split="train", cache_dir=cache)
    say(f"{file.name}: {len(rows)} rows with {', '.join(rows.column_names)}")
    return rows.select(sorted(range(len(rows)), key=lambda index: len(str(rows[index]))))


def main() -> int:
    """Load the exports and train on them; 0 where all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sft", type=Path, help="folder of `export --format trl-sft`")
    parser.add_argument("dpo", type=Path, help="folder of `export --format trl-dpo`")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        sft = load(args.sft / "demonstrations.jsonl", work)
        pairs = {kind: load(args.dpo / f"pairs-{kind}.jsonl", work) for kind in ("divergence", "whole")}
        return 0 if check(sft, pairs, work) else 1


def check(sft: Dataset, pairs: dict[str, Dataset], work: str) -> bool:
    """Train on each export, and say whether all went well."""
    tokenizer = make_tokenizer([sft, *pairs.values()])
    rendered = tokenizer.apply_chat_template(sft[0]["messages"], tokenize=False)
    calls = sum(len(message["tool_calls"] or []) for message in sft[0]["messages"])
    say(f"tool calls in the first demonstration: {calls}, rendered: {rendered.count('<|call|>')}")
    results = [rendered.count("<|call|>") == calls]
    rows = sft.select(range(min(ROWS, len(sft))))
    config = trl.SFTConfig(**settings(work, rows))
    trainer = trl.SFTTrainer(make_model(tokenizer), config, train_dataset=rows, processing_class=tokenizer)
    results.append(train("SFT", trainer))
    for kind, found in pairs.items():
        rows = found.select(range(min(ROWS, len(found))))
        dpo = trl.DPOTrainer(
            make_model(tokenizer),
            ref_model=make_model(tokenizer),
            args=trl.DPOConfig(**settings(work, rows), beta=0.1),
            train_dataset=rows,
            processing_class=tokenizer,
        )
        results.append(train(f"DPO {kind}", dpo))
    return all(results)


if __name__ == "__main__":
    sys.exit(main())
