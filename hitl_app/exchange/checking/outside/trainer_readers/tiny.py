"""A tokenizer and a model, made on the spot: with them a trainer shows what it trains on, with no network."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import tokenizers
import torch
import transformers

from .answers import Runs
from .template import TEMPLATE

Tokenizer: TypeAlias = transformers.PreTrainedTokenizerFast

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
LONGEST = 1 << 20
"""Tokens up to which nothing is cut."""

IGNORED = -100
"""The label of a token that is not trained."""


def tokenizer(texts: Iterable[str], to: Path | None = None, size: int = 1000) -> Tokenizer:
    """A byte-level tokenizer, which can write any text.

    Args:
        texts: What it is made of.
        to: A folder to save it to, for trainers that load by path.
        size: How many tokens it has at most.
    """
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=size, special_tokens=list(SPECIAL), show_progress=False, initial_alphabet=alphabet
    )
    made.train_from_iterator(texts, trainer)
    fast = Tokenizer(tokenizer_object=made, pad_token=SPECIAL[0], eos_token=SPECIAL[2])
    fast.chat_template = TEMPLATE
    if to is not None:
        fast.save_pretrained(str(to))
    return fast


def model(tok: Tokenizer, *, reward: bool = False) -> transformers.PreTrainedModel:
    """Two layers with random weights, always the same ones; a reward model gives one number."""
    torch.manual_seed(0)
    config = transformers.Qwen2Config(
        vocab_size=len(tok),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=LONGEST,
        pad_token_id=tok.pad_token_id,
        eos_token_id=tok.eos_token_id,
        bos_token_id=None,
        num_labels=1,
    )
    return (transformers.Qwen2ForSequenceClassification if reward else transformers.Qwen2ForCausalLM)(config)


def runs(tok: Tokenizer, ids: Sequence[int], trained: Sequence[bool]) -> Runs:
    """Tokens as text, in runs of what is trained and what is not."""
    grouped: list[tuple[bool, list[int]]] = []
    for token, flag in zip(ids, trained, strict=True):
        if not grouped or grouped[-1][0] != flag:
            grouped.append((flag, []))
        grouped[-1][1].append(int(token))
    return [(flag, tok.decode(part, skip_special_tokens=False)) for flag, part in grouped]


def labelled(tok: Tokenizer, ids: Sequence[int], labels: Sequence[int]) -> Runs:
    """The same, of labels."""
    return runs(tok, ids, [int(label) != IGNORED for label in labels])
