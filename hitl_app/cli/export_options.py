"""Options of `hitl-app export` that choose what goes out, and how."""

import argparse
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from hitl_app.domain.errors import UserError
from hitl_app.domain.grpo import Norm
from hitl_app.domain.training import (
    Cleaning,
    ExportSettings,
    Filters,
    PairKind,
    Resampling,
    Span,
    Splits,
    Weighting,
)

_Name = TypeVar("_Name", bound=StrEnum)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options that `settings_of` reads."""
    chosen = parser.add_argument_group("which examples")
    chosen.add_argument("--pairs", type=_some_of(PairKind), metavar="KIND,…", help=_all_of(PairKind))
    chosen.add_argument("--spans", type=_some_of(Span), metavar="SPAN,…", help=_all_of(Span))
    chosen.add_argument("--verified", action="store_true", help="only what met every goal and hard constraint")
    chosen.add_argument("--human", action="store_true", help="only what a person decided")
    chosen.add_argument("--no-override", action="store_true", help="nothing that was accepted against the rule")
    chosen.add_argument(
        "--no-answer", action="store_true", help="nothing where whoever decided could see the gold answer"
    )
    chosen.add_argument(
        "--agreement", type=_share, metavar="X", help="only where at least this share agreed independently, 0 to 1"
    )
    chosen.add_argument("--query", default="", metavar="Q", help="only lineages that the query finds")
    add_split(parser)
    made = parser.add_argument_group("how they are written")
    made.add_argument(
        "--weight", type=_one_of(Weighting), metavar="BY", help=f"one of {', '.join(Weighting)} (uniform)"
    )
    made.add_argument(
        "--resample", type=_rate, metavar="RATE", help="write a row of weight w RATE × w times, for any trainer"
    )
    made.add_argument("--resample-seed", type=int, metavar="N", help="draws the rows of a resampling otherwise (0)")
    made.add_argument(
        "--clean",
        type=_one_of(Cleaning),
        metavar="HOW",
        help="secrets and personal data: off does not look for them, report counts them (so it is without the option),"
        " mask puts marks in their place",
    )
    made.add_argument(
        "--norm",
        type=_one_of(Norm),
        metavar="HOW",
        help=f"how the terms of total rewards are normalised, one of {', '.join(Norm)} (max)",
    )


def add_split(parser: argparse.ArgumentParser) -> None:
    """The options that `splits_of` reads."""
    parts = parser.add_argument_group("parts of the data")
    parts.add_argument(
        "--split", type=_shares, metavar="NAME=SHARE,…", help="parts by task, such as train=0.9,test=0.1 (train=1)"
    )
    parts.add_argument("--split-seed", type=int, metavar="N", help="draws the parts of a split otherwise (0)")


def splits_of(args: argparse.Namespace) -> Splits:
    """The parts that were asked for. Raises UserError where a seed is given for what is not drawn."""
    if args.split_seed is not None and args.split is None:
        raise UserError("--split-seed draws the parts of --split: give both, such as --split train=0.9,test=0.1")
    return Splits(args.split or Splits().shares, args.split_seed or 0)


def settings_of(args: argparse.Namespace) -> ExportSettings:
    """What was asked for.

    Raises:
        UserError: A seed is given for what is not drawn.
    """
    usual = ExportSettings()
    splits = splits_of(args)
    if args.resample_seed is not None and args.resample is None:
        raise UserError("--resample-seed draws the rows of --resample: give both")
    return ExportSettings(
        pairs=args.pairs or usual.pairs,
        spans=args.spans or usual.spans,
        filters=Filters(
            verified=args.verified,
            human=args.human,
            no_override=args.no_override,
            no_answer=args.no_answer,
            agreement=args.agreement,
            query=args.query,
        ),
        splits=splits,
        weighting=args.weight or usual.weighting,
        resampling=None if args.resample is None else Resampling(args.resample, args.resample_seed or 0),
        cleaning=args.clean or usual.cleaning,
        norm=args.norm or usual.norm,
    )


def _one_of(names: type[_Name]) -> Callable[[str], _Name]:
    def one(text: str) -> _Name:
        try:
            return names(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"expected one of {', '.join(names)}, not {text!r}") from error

    return one


def _some_of(names: type[_Name]) -> Callable[[str], frozenset[_Name]]:
    def some(text: str) -> frozenset[_Name]:
        try:
            return frozenset(names(part.strip()) for part in text.split(","))
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"expected some of {', '.join(names)} with commas, not {text!r}"
            ) from error

    return some


def _all_of(names: type[StrEnum]) -> str:
    return f"some of {', '.join(names)} (all)"


def _share(text: str) -> float:
    share = _number(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, not {text!r}")
    return share


def _rate(text: str) -> float:
    rate = _number(text)
    try:
        return Resampling(rate).rate
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _shares(text: str) -> tuple[tuple[str, float], ...]:
    try:
        return Splits.read(text).shares
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}: give parts such as train=0.9,test=0.1") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a number, not {text!r}") from error
