"""Protocols at the seams: what the loop and the use cases need, and who may provide it.

Stores and environments are synchronous: the store runs in one thread of its own, each environment in another
(`workflow.threads`), so that neither Qt's thread nor the event loop ever waits for them.
"""

from hitl_app.domain.ports.environment import (
    Environment,
    EnvironmentInfo,
    EnvironmentProvider,
    Environments,
    EnvironmentStatus,
    Scoring,
    SharedWorld,
    StoppableInstall,
)
from hitl_app.domain.ports.exchange import (
    ChatRenderer,
    ExportChecker,
    Exporter,
    ExportSummary,
    Importer,
    ImportFormat,
    ImportItem,
)
from hitl_app.domain.ports.guidelines import GuidelineFiles
from hitl_app.domain.ports.lessons import Lesson, Lessons, Material
from hitl_app.domain.ports.model import CallKeeper, Hand, ModelClient, ModelServers, OnText, Prompts, SecretStore
from hitl_app.domain.ports.proposing import (
    Approval,
    Attempt,
    Gate,
    Guidance,
    Inspect,
    Judgement,
    ProposalRequest,
    Proposer,
)
from hitl_app.domain.ports.runs import RunStore
from hitl_app.domain.ports.store import Clock, ImportCounts, Record, Revision, Store
from hitl_app.domain.ports.team import AbsorbSummary, TeamStore

__all__ = [
    "AbsorbSummary",
    "Approval",
    "Attempt",
    "CallKeeper",
    "ChatRenderer",
    "Clock",
    "Environment",
    "EnvironmentInfo",
    "EnvironmentProvider",
    "EnvironmentStatus",
    "Environments",
    "ExportChecker",
    "ExportSummary",
    "Exporter",
    "Gate",
    "Guidance",
    "GuidelineFiles",
    "Hand",
    "ImportCounts",
    "ImportFormat",
    "ImportItem",
    "Importer",
    "Inspect",
    "Judgement",
    "Lesson",
    "Lessons",
    "Material",
    "ModelClient",
    "ModelServers",
    "OnText",
    "Prompts",
    "ProposalRequest",
    "Proposer",
    "Record",
    "Revision",
    "RunStore",
    "Scoring",
    "SecretStore",
    "SharedWorld",
    "StoppableInstall",
    "Store",
    "TeamStore",
]
