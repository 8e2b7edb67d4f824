"""Exporters, one a target format."""

from hitl_app.domain.ports import Exporter, Lessons
from hitl_app.exchange.dataset import DatasetExporter, Target
from hitl_app.exchange.exporters import (
    axolotl,
    critic,
    halos,
    llama_factory,
    openai,
    openrlhf,
    pilotrl,
    plan_and_act,
    prm800k,
    trl_dpo,
    trl_grpo,
    trl_kto,
    trl_reward,
    trl_sft,
    trl_stepwise,
    verl,
)
from hitl_app.exchange.exporters.atif import AtifExporter
from hitl_app.exchange.exporters.bundle import BundleExporter
from hitl_app.exchange.exporters.calls import CallsExporter
from hitl_app.exchange.exporters.cope_routing import CopeRoutingExporter
from hitl_app.exchange.exporters.decisions import DecisionsExporter

TARGETS: tuple[Target, ...] = (
    trl_sft.TARGET,
    trl_dpo.TARGET,
    trl_kto.TARGET,
    trl_reward.TARGET,
    trl_grpo.TARGET,
    trl_stepwise.TARGET,
    openrlhf.TARGET,
    llama_factory.TARGET,
    axolotl.TARGET,
    verl.TARGET,
    openai.SFT,
    openai.DPO,
    prm800k.TARGET,
    halos.TARGET,
    pilotrl.TARGET,
    plan_and_act.TARGET,
    plan_and_act.PAIRS,
    plan_and_act.CHATS,
)
"""Formats of training data: a new one is a module beside these, and a line here."""

EXPORTERS: tuple[Exporter, ...] = (
    *map(DatasetExporter, TARGETS),
    DecisionsExporter(),
    AtifExporter(),
    CallsExporter(),
    CopeRoutingExporter(),
    BundleExporter(),
)
"""Exporters that need nothing but a record."""


def exporters(lessons: Lessons) -> tuple[Exporter, ...]:
    """All exporters; `lessons` words the questions and answers of the format `critic`."""
    return (*EXPORTERS, DatasetExporter(critic.target(lessons)))
