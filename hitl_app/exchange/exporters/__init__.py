"""Exporters, one a target format."""

from hitl_app.domain.ports import Exporter
from hitl_app.exchange.exporters.atif import AtifExporter
from hitl_app.exchange.exporters.bundle import BundleExporter
from hitl_app.exchange.exporters.calls import CallsExporter
from hitl_app.exchange.exporters.trl_dpo import TrlDpoExporter
from hitl_app.exchange.exporters.trl_sft import TrlSftExporter

EXPORTERS: tuple[Exporter, ...] = (
    TrlSftExporter(),
    TrlDpoExporter(),
    AtifExporter(),
    CallsExporter(),
    BundleExporter(),
)
"""All exporters."""
