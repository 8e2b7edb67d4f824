"""A failing run like those of tau2, made by hand, and the desk states that a person sees on the way to its repair."""

import json
from dataclasses import replace

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.hunk import Hunk, Operator, apply_hunks
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Gradient,
    GradientSource,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import QueueRow
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.ports import Revision
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, Trajectory, action, message
from hitl_app.refine.accept import Acceptance, Rule, judge
from hitl_app.ui.state import DeskState, Draft, HunkVerdict, WorkingHunk
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.refinement import Candidate

CAUSE = 9

TOOLS = (
    ToolSpec("get_user_details", "A user's profile.", {"properties": {"user_id": {"type": "string"}}}),
    ToolSpec(
        "book_reservation",
        "Book a reservation.",
        {
            "type": "object",
            "properties": {
                "user_id": {"type": "string"},
                "origin": {"type": "string"},
                "flights": {"type": "array"},
                "total_baggages": {"type": "integer"},
            },
            "required": ["user_id", "flights"],
        },
    ),
    ToolSpec(
        "transfer_to_human_agents",
        "Hand over.",
        {"properties": {"summary": {"type": "string"}}, "required": ["summary"]},
    ),
)


def _look_up(tool: str, arguments: dict[str, Json], answer: Json, plan_step: int) -> Step:
    return action(tool, arguments, expected=Recorded(json.dumps(answer)), plan_step=plan_step)


BOOKING = action(
    "book_reservation",
    {
        "user_id": "james_lee_6136",
        "origin": "ATL",
        "flights": [{"flight_number": "HAT052", "date": "2024-05-21"}],
        "payment_methods": [{"payment_id": "gift_card_1712795", "amount": 54}],
        "total_baggages": 0,
    },
    expected=Recorded(json.dumps({"reservation_id": "HATHAT", "origin": "ATL", "destination": "LAS"})),
    plan_step=1,
)
STEPS = (
    message("Hi! How can I help you today?", plan_step=0),
    message("Please change my return ATL→LAX to a nonstop flight ATL→LAS on May 21.", "user", plan_step=0),
    message("I can help with that. What is your user id, and which reservation is it?", plan_step=0),
    message("james_lee_6136, and I believe it is XEWRD9.", "user", plan_step=0),
    _look_up("get_reservation_details", {"reservation_id": "XEWRD9"}, {"reservation_id": "XEWRD9", "origin": "LAX"}, 0),
    _look_up(
        "search_direct_flight",
        {"origin": "ATL", "destination": "LAS", "date": "2024-05-21"},
        [{"flight_number": "HAT052", "scheduled_departure_time_est": "03:00:00", "status": "available"}],
        0,
    ),
    _look_up(
        "get_user_details",
        {"user_id": "james_lee_6136"},
        {"name": {"first_name": "James", "last_name": "Lee"}, "payment_methods": {"gift_card_1712795": {"amount": 64}}},
        0,
    ),
    message("I found the nonstop flight HAT052 for 54 USD. Shall I book it with your gift card?", plan_step=1),
    message("Yes, please.", "user", plan_step=1),
    BOOKING,
    message("Your new ATL→LAS booking is confirmed. Reservation ID: HATHAT.", plan_step=1),
    message("Perfect, thanks for confirming. 谢谢！", "user", plan_step=1),
)
PLAN = (PlanStep("Understand the request and the booking"), PlanStep("Carry out what the policy allows"))
TASK = Task(
    environment="tau2",
    domain="airline",
    key="13",
    title="Change the return ATL→LAX to a nonstop ATL→LAS",
    instruction="You want another destination for the way back.",
)
BASE = Trajectory(TASK.id, STEPS, PLAN, source=Source("airline.json", 24, format="tau2", model="gpt-5"))

GOAL = Gradient(
    GradientSource.ENVIRONMENT,
    Component.GOAL,
    "The database is not as it should be: steps changed it wrongly.",
    step_index=CAUSE,
    is_earliest_cause=True,
    constraint_id="database",
    expected="reservations/HATHAT: absent",
    observed='reservations/HATHAT: {"origin":"ATL","destination":"LAS","amount":54}',
    evidence="the database after the last step",
    confidence=1.0,
    reveals_answer=True,
)
NOTE = Gradient(
    GradientSource.HUMAN,
    Component.HARD_CONSTRAINTS,
    "The policy forbids a change of destination: say so and transfer, do not sell a second ticket.",
    step_index=CAUSE,
    suggested_edit="transfer_to_human_agents",
)
TRANSFER = action("transfer_to_human_agents", {"summary": "A change of destination is not allowed by the policy."})


def execution_of(trajectory: Trajectory) -> Execution:
    """Every action answered as recorded; what was not recorded answers `Transfer successful`."""
    steps = tuple(
        ExecutedStep(
            StepStatus.OK,
            Observation(step.expected.text if step.expected else "Transfer successful"),
            replayed=True,
            identical=True if step.expected else None,
        )
        if step.is_action
        else ExecutedStep(StepStatus.OK)
        for step in trajectory.steps
    )
    return Execution(trajectory.id, "tau2", "1.0", steps)


def inspection_of(trajectory: Trajectory, goal: int, gradients: tuple[Gradient, ...] = ()) -> Inspection:
    """An inspection with so many of two goals unmet."""
    actions = len(trajectory.actions)
    database = Finding(
        "database", FindingKind.GOAL, goal == 0, "The database is as the task wants it.", steps=(CAUSE,) if goal else ()
    )
    told = Finding("communicate:policy", FindingKind.GOAL, True, "The agent tells the user what the user has to know.")
    losses = LossVector(
        hard_constraints=Count(0, 2),
        goal=Count(goal, 2),
        feasibility=Count(0, actions),
        soft_constraints=None,
        discrepancy=Count(0, actions),
    )
    cause = CAUSE if goal else None
    return Inspection(execution_of(trajectory), losses, (database, told), gradients, cause, seconds=0.3)


BEFORE = inspection_of(BASE, 1, (GOAL,))
ROW = QueueRow(
    position=1,
    root_id=BASE.id,
    head_id=BASE.id,
    title=TASK.title,
    task_key=TASK.key,
    environment="tau2",
    domain="airline",
    model="gpt-5",
    status=ReviewStatus.PENDING,
    steps=len(STEPS),
    revisions=1,
    losses=BEFORE.losses,
    verified=False,
    gradients=1,
)
REPLACE = Hunk(Operator.REPLACE, CAUSE, CAUSE + 1, (BOOKING,), (TRANSFER,), gradient_ids=(GOAL.id,), why="not allowed")
DELETE = Hunk(Operator.DELETE, 10, 11, (STEPS[10],), (), why="follows from step 9")
CHANGED = replace(BOOKING, arguments={**BOOKING.arguments, "total_baggages": 2}, expected=None)
ARGUMENT = Hunk(Operator.SET_ARGUMENT, CAUSE, CAUSE + 1, (BOOKING,), (CHANGED,), gradient_ids=(GOAL.id,))
PROPOSAL = Proposal(BASE.id, (REPLACE, DELETE), "repair/1", Cost(14, 56, 1.2), tried=("delete step 9: goal 1 → 1",))


def opened(
    trajectory: Trajectory = BASE, inspection: Inspection | None = BEFORE, annotations: Annotations | None = None
) -> Opened:
    """The run, opened for review, with a note by a person."""
    revision = Revision(0, trajectory, inspection, None)
    said = Annotations(added=(NOTE,)) if annotations is None else annotations
    return Opened(ROW, TASK, trajectory, inspection, said, (), (revision,), TOOLS)


def candidate_of(hunks: tuple[Hunk, ...] = (REPLACE, DELETE), goal: int = 0) -> Candidate:
    """The hunks applied and executed, with so many goals unmet."""
    applied = apply_hunks(STEPS, hunks)
    trajectory = replace(BASE, steps=applied.steps, parent_id=BASE.id, lineage_root=BASE.id, source=None)
    inspection = inspection_of(trajectory, goal)
    return Candidate(BASE, trajectory, hunks, BEFORE, BEFORE, inspection, judge(BEFORE, inspection))


def working(*verdicts: HunkVerdict, hunks: tuple[Hunk, ...] = (REPLACE, DELETE)) -> Draft:
    """A draft of hunks with these verdicts, pending where none is given."""
    filled = (*verdicts, *[HunkVerdict.PENDING] * (len(hunks) - len(verdicts)))
    return Draft(tuple(WorkingHunk(h, n, v) for n, (h, v) in enumerate(zip(hunks, filled, strict=True))), PROPOSAL.id)


def desk(draft: Draft | None = None, candidate: Candidate | None = None) -> DeskState:
    """The desk with the proposal and its executed candidate on it."""
    return DeskState(
        opened=opened(),
        proposal=PROPOSAL,
        draft=working() if draft is None else draft,
        candidate=candidate_of() if candidate is None else candidate,
        selected_step=CAUSE,
        selected_hunk=0,
    )


def refused() -> Candidate:
    """A candidate that the rule refuses because a hard constraint that held is now violated."""
    made = candidate_of(goal=1)
    seats = Finding("seats", FindingKind.HARD, True, "Nobody is left without a seat.")
    best = replace(made.best, findings=(*made.best.findings, seats))
    inspection = replace(made.inspection, findings=(*made.inspection.findings, replace(seats, met=False)))
    made = replace(made, best=best, inspection=inspection)
    return replace(made, acceptance=Acceptance(False, Rule.BREAKS_HARD_CONSTRAINT, "violates what held before: seats"))


def revisions() -> tuple[Revision, ...]:
    """A recording, a refused revision, an accepted one, and one accepted against the rule."""

    def entry(number: int, rule: str, accepted: bool, override: bool) -> LedgerEntry:
        decision = Decision(
            DecisionKind.EDIT,
            BASE.id,
            BASE.id,
            "reviewer-1",
            "the policy forbids it",
            "2026-05-11T10:00:00Z",
            accepted=accepted,
            rule=rule,
            override=override,
        )
        return LedgerEntry(number, decision, "0" * 64, f"{number:064d}")

    def revision(number: int, tool: str, goal: int, made: LedgerEntry) -> Revision:
        steps = (*STEPS[:CAUSE], action(tool, {}), *STEPS[CAUSE + 1 :])
        trajectory = Trajectory(TASK.id, steps, PLAN, BASE.id, BASE.id, author="reviewer-1")
        return Revision(number, trajectory, inspection_of(trajectory, goal), made)

    return (
        Revision(0, BASE, BEFORE, None),
        revision(1, "cancel_reservation", 2, entry(1, "worse", False, False)),
        revision(2, "transfer_to_human_agents", 0, entry(2, "improves", True, False)),
        revision(3, "calculate", 1, entry(3, "worse", True, True)),
    )


def long_run(steps: int = 1000, size: int = 200_000) -> Opened:
    """A run of many actions, each with a long observation."""
    answer = json.dumps([{"flight_number": f"HAT{n:03d}", "seats": n} for n in range(size // 40)])
    made = tuple(
        action("search_direct_flight", {"origin": "ATL", "number": n, "notes": answer}, expected=Recorded(answer))
        for n in range(steps)
    )
    trajectory = Trajectory(TASK.id, made, source=Source("long.json", 0))
    return opened(trajectory, inspection_of(trajectory, 0), Annotations())
