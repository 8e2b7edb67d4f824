"""TRL Reward: the pairs of `trl-dpo` whose margin was measured."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import Span
from hitl_app.exchange.dataset import Target
from hitl_app.exchange.examples import PreferencePair
from hitl_app.exchange.exporters import trl_dpo

ABOUT = f"""\
{trl_dpo.ABOUT} Only pairs with a margin of 0 or more are here: the trainer wants one in every row, and asks of the
model that the chosen side score higher by at least as much."""


def row(pair: PreferencePair) -> JsonObject | str:
    """A pair as TRL's RewardTrainer takes it, or why it cannot."""
    if pair.provenance.margin is None:
        return "no margin was measured"
    if pair.provenance.margin < 0:
        return "the losses of the chosen side are worse"
    return trl_dpo.row(pair)


TARGET = Target(
    "trl-reward",
    "TRL RewardTrainer",
    ABOUT,
    trl_dpo.tables(trl_dpo.COLUMNS, row, (Span.DIVERGENCE, Span.WHOLE)),
    {"prompt": "explicit"},
)
