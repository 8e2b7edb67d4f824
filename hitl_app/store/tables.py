"""The tables as SQLModel classes. `migrations.py` holds the SQL that makes them; a test keeps the two in step."""

from typing import Any

from sqlalchemy import Column, Computed, Float, Integer, Table, Text, case, func
from sqlmodel import Field, SQLModel

from hitl_app.domain.loss import Component


class TaskRow(SQLModel, table=True):
    """A task. Never altered."""

    __tablename__ = "task"
    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    environment: str
    domain: str
    key: str
    title: str
    instruction: str
    synthetic: bool
    document: str


class TrajectoryRow(SQLModel, table=True):
    """A trajectory without its steps. Never altered. A recording is its own root."""

    __tablename__ = "trajectory"
    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    task_number: int = Field(foreign_key="task.number")
    root_number: int = Field(foreign_key="trajectory.number")
    parent_id: str | None
    author: str
    model: str
    synthetic: bool
    step_count: int
    plan: str
    source: str | None
    carried_over: str
    added_at: str
    earlier: str


class StepRow(SQLModel, table=True):
    """One step with the observation that was recorded or expected for it. Never altered."""

    __tablename__ = "step"
    trajectory_number: int = Field(primary_key=True, foreign_key="trajectory.number")
    step_index: int = Field(primary_key=True)
    kind: str
    role: str
    text: str
    tool: str
    arguments: str
    thought: str
    observation: str | None
    observation_failed: bool | None
    turn: int | None
    plan_step: int | None
    link_confidence: float | None


class InspectionRow(SQLModel, table=True):
    """The newest inspection of a trajectory; `*_of` is the total that a loss counts out of."""

    __tablename__ = "inspection"
    trajectory_number: int = Field(primary_key=True, foreign_key="trajectory.number")
    verified: bool | None
    gradient_count: int
    hard_constraints: int | None
    hard_constraints_of: int | None
    goal: int | None
    goal_of: int | None
    feasibility: int | None
    feasibility_of: int | None
    soft_constraints: int | None
    soft_constraints_of: int | None
    discrepancy: int | None
    discrepancy_of: int | None
    document: str
    inspected_at: str


class GradientRow(SQLModel, table=True):
    """The words of one textual gradient of a newest inspection, for searches."""

    __tablename__ = "gradient"
    number: int = Field(primary_key=True)
    trajectory_number: int = Field(foreign_key="inspection.trajectory_number")
    critique: str
    expected: str
    observed: str
    suggested_edit: str
    constraint_id: str


class LineageRow(SQLModel, table=True):
    """Where a recording and its revisions stand. `rank_*` are the head's losses in their order, null if unmeasured."""

    __tablename__ = "lineage"
    position: int = Field(primary_key=True, foreign_key="trajectory.number")
    head_number: int = Field(foreign_key="trajectory.number")
    status: str
    rank_unmet: int | None
    rank_feasibility: int | None
    rank_soft_constraints: int | None
    rank_discrepancy: int | None


class StandingRow(SQLModel, table=True):
    """Where one annotator left a lineage, as the ledger's entries make it; the origin is that of the decision."""

    __tablename__ = "standing"
    position: int = Field(primary_key=True, foreign_key="lineage.position")
    annotator: str = Field(primary_key=True)
    status: str
    head_number: int = Field(foreign_key="trajectory.number")
    made_at: str
    sequence: int
    hash: str
    informed: bool
    loss: int | None


class AssignmentRow(SQLModel, table=True):
    """Somebody is to decide on a lineage."""

    __tablename__ = "assignment"
    position: int = Field(primary_key=True, foreign_key="lineage.position")
    annotator: str = Field(primary_key=True)
    assigned_at: str


class GoldRow(SQLModel, table=True):
    """What the right decision on a lineage is known to be."""

    __tablename__ = "gold"
    position: int = Field(primary_key=True, foreign_key="lineage.position")
    verdict: str
    blame: int | None
    note: str
    set_by: str
    set_at: str


class SeedRow(SQLModel, table=True):
    """A proposal that is bad on purpose; `bad_hunks` are numbers as JSON."""

    __tablename__ = "seed"
    proposal_number: int = Field(primary_key=True, foreign_key="proposal.number")
    position: int = Field(foreign_key="lineage.position")
    kind: str
    bad_hunks: str
    seeded_at: str


class ProposalRow(SQLModel, table=True):
    """A proposal. Never altered."""

    __tablename__ = "proposal"
    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    base_number: int = Field(foreign_key="trajectory.number")
    document: str
    proposed_at: str


def _of_payload(name: str, kind: type[Text] | type[Integer] = Text) -> Column[Any]:  # Any: text or integer
    return Column(name, kind, Computed(f"json_extract(payload, '$.{name}')", persisted=False))


def _of_call(
    name: str, path: str, kind: type[Text] | type[Integer] | type[Float[float]], *, nullable: bool = False
) -> Column[Any]:  # Any: text or a number
    return Column(name, kind, Computed(f"json_extract(document, '$.{path}')", persisted=True), nullable=nullable)


class DecisionRow(SQLModel, table=True):
    """A ledger entry. Never altered. What queries need is computed from the payload, so that it cannot disagree."""

    __tablename__ = "decision"
    sequence: int = Field(primary_key=True)
    payload: str
    previous_hash: str
    hash: str
    kind: str | None = Field(sa_column=_of_payload("kind"))
    root_id: str | None = Field(sa_column=_of_payload("root_id"))
    candidate_id: str | None = Field(sa_column=_of_payload("candidate_id"))
    annotator: str | None = Field(sa_column=_of_payload("annotator"))
    undoes: int | None = Field(sa_column=_of_payload("undoes", Integer))


class LedgerHeadRow(SQLModel, table=True):
    """How many entries the ledger has, and the hash of the last."""

    __tablename__ = "ledger_head"
    id: int = Field(primary_key=True)
    entries: int
    hash: str


class TextIndexRow(SQLModel, table=True):
    """Trajectories up to this number are in the full-text index; searches read the others' steps themselves."""

    __tablename__ = "text_index"
    id: int = Field(primary_key=True)
    indexed_to: int


class ToolsetRow(SQLModel, table=True):
    """The tools of one environment's domain."""

    __tablename__ = "toolset"
    environment: str = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    document: str


class PlaceRow(SQLModel, table=True):
    """The file or folder that holds a task's data, where it was imported from last."""

    __tablename__ = "place"
    task_number: int = Field(primary_key=True, foreign_key="task.number")
    path: str


class DraftRow(SQLModel, table=True):
    """An unfinished review."""

    __tablename__ = "draft"
    base_id: str = Field(primary_key=True)
    document: str


class PreferenceRow(SQLModel, table=True):
    """Where the desk was left, and such."""

    __tablename__ = "preference"
    key: str = Field(primary_key=True)
    document: str


class RunRow(SQLModel, table=True):
    """A run: what it was started with, and where it stands."""

    __tablename__ = "run"
    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    settings: str
    status: str
    started_at: str
    ended_at: str


class RunResultRow(SQLModel, table=True):
    """How one task of a run ended, by the method that worked on it. A newer one takes the place of the older."""

    __tablename__ = "run_result"
    number: int = Field(primary_key=True)
    run_number: int = Field(foreign_key="run.number")
    start_id: str
    method: str
    document: str


class ModelCallRow(SQLModel, table=True):
    """A call of a model. Never altered. What queries need is computed from the document, once."""

    __tablename__ = "model_call"
    number: int = Field(primary_key=True)
    run_number: int = Field(foreign_key="run.number")
    document: str
    key: str = Field(sa_column=_of_call("key", "key", Text))
    error: str = Field(sa_column=_of_call("error", "error", Text))
    calls: int = Field(sa_column=_of_call("calls", "usage.calls", Integer))
    tokens_in: int = Field(sa_column=_of_call("tokens_in", "usage.tokens_in", Integer))
    tokens_out: int = Field(sa_column=_of_call("tokens_out", "usage.tokens_out", Integer))
    measured: bool = Field(sa_column=_of_call("measured", "usage.measured", Integer))
    usd: float | None = Field(sa_column=_of_call("usd", "usage.usd", Float, nullable=True))


class GatePassageRow(SQLModel, table=True):
    """A passage through a gate of a run. Never altered."""

    __tablename__ = "gate_passage"
    number: int = Field(primary_key=True)
    run_number: int = Field(foreign_key="run.number")
    document: str


class PlanNodeRow(SQLModel, table=True):
    """A node of a plan tree that a run made. Never altered."""

    __tablename__ = "plan_node"
    number: int = Field(primary_key=True)
    run_number: int = Field(foreign_key="run.number")
    document: str


class RoutedStageRow(SQLModel, table=True):
    """A stage of a cascade of a small and a large model, with its votes. Never altered."""

    __tablename__ = "routed_stage"
    number: int = Field(primary_key=True)
    run_number: int = Field(foreign_key="run.number")
    document: str


class ScoreRow(SQLModel, table=True):
    """A reward that a model, as judge, gave a trajectory or a step. Never altered; the newest of a name counts."""

    __tablename__ = "score"
    number: int = Field(primary_key=True)
    trajectory_number: int = Field(foreign_key="trajectory.number")
    document: str


def _table(model: type[SQLModel]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


task = _table(TaskRow)
trajectory = _table(TrajectoryRow)
step = _table(StepRow)
inspection = _table(InspectionRow)
gradient = _table(GradientRow)
lineage = _table(LineageRow)
standing = _table(StandingRow)
assignment = _table(AssignmentRow)
gold = _table(GoldRow)
seed = _table(SeedRow)
proposal = _table(ProposalRow)
decision = _table(DecisionRow)
ledger_head = _table(LedgerHeadRow)
text_index = _table(TextIndexRow)
toolset = _table(ToolsetRow)
place = _table(PlaceRow)
draft = _table(DraftRow)
preference = _table(PreferenceRow)
run = _table(RunRow)
run_result = _table(RunResultRow)
model_call = _table(ModelCallRow)
gate_passage = _table(GatePassageRow)
plan_node = _table(PlanNodeRow)
routed_stage = _table(RoutedStageRow)
score = _table(ScoreRow)

LOSS_COLUMNS = {component: (inspection.c[component], inspection.c[f"{component}_of"]) for component in Component}
"""The columns of `inspection` with a component's count and total."""

_COUNTS = {component: column for component, (column, _) in LOSS_COLUMNS.items()}

LOSS_RANK = tuple(
    case((func.coalesce(*_COUNTS.values()).is_not(None), sum(func.coalesce(_COUNTS[c], 0) for c in components)))
    for components in (
        (Component.HARD_CONSTRAINTS, Component.GOAL),
        (Component.FEASIBILITY,),
        (Component.SOFT_CONSTRAINTS,),
        (Component.DISCREPANCY,),
    )
)
"""`LossVector.rank` of an inspection, as the `rank_*` of a lineage hold it: null if unmeasured."""
