"""What a step builds on, how sure a plan link is, and where a recording's own benchmark disagrees."""

from dataclasses import replace

import pytest
from builders import BASE, BEFORE, CAUSE, PLAN, STEPS, desk, inspection_of, opened
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Dependency, DependencyKind
from hitl_app.domain.trajectory import PlanStep, Source, Trajectory
from hitl_app.ui.models.plan import PlanRow, RowKind
from hitl_app.ui.panes.losses import LossesPane
from hitl_app.ui.panes.plan import PlanPane
from hitl_app.ui.panes.sides import sides
from hitl_app.ui.state import DeskState, Draft, WorkingHunk

FOUND = replace(
    BEFORE,
    dependencies=(
        Dependency(CAUSE, 6, DependencyKind.VALUE, "payment_methods[0].payment_id", "gift_card_1712795"),
        Dependency(CAUSE, 5, DependencyKind.VALUE, "flights[0].flight_number", "HAT052", stale=True),
        Dependency(10, CAUSE, DependencyKind.STATE, "reservations/HATHAT"),
    ),
    scores={"case_acc": 0.0, "commonsense_weighted_score": 0.875, "dimensions": {"Route": 1.0}},
)


@pytest.fixture
def pane(qtbot: QtBot) -> PlanPane:
    made = PlanPane()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def rows(pane: PlanPane) -> list[PlanRow]:
    model = pane.steps.rows
    return [model.plan_row(model.index(row)) for row in range(model.rowCount())]


def test_a_folded_out_step_tells_what_it_builds_on_and_what_uses_it(pane: PlanPane, qtbot: QtBot) -> None:
    pane.render_state(DeskState(opened=opened(inspection=FOUND), selected_step=CAUSE))
    pane.toggle_detail()
    qtbot.waitUntil(lambda: "USED BY" in pane.detail.text.toPlainText())
    text = pane.detail.text.toPlainText()
    assert "step 6: payment_methods[0].payment_id = gift_card_1712795" in text
    assert "step 5: flights[0].flight_number = HAT052, which it no longer says" in text
    assert "step 10: builds on its change of reservations/HATHAT" in text
    assert "2  Carry out what the policy allows" in text
    assert text.index("ARGUMENTS") < text.index("BUILDS ON") < text.index("OBSERVATION")


def test_a_link_that_was_read_out_of_a_text_says_how_sure_it_is(pane: PlanPane, qtbot: QtBot) -> None:
    steps = (replace(STEPS[0], link_confidence=0.4), replace(STEPS[1], link_confidence=0.9), *STEPS[2:])
    trajectory = Trajectory(BASE.task_id, steps, PLAN)
    pane.render_state(DeskState(opened=opened(trajectory, inspection_of(trajectory, 0)), selected_step=0))
    badges = {row.step: [text for _, text in row.badges] for row in rows(pane) if row.kind is RowKind.STEP}
    assert "link 40 %" in badges[0]
    assert not any("link" in text for text in badges[1])
    pane.toggle_detail()
    qtbot.waitUntil(lambda: "40 % sure" in pane.detail.text.toPlainText())


def test_plan_steps_that_no_step_carries_out_are_shown_in_their_place(pane: PlanPane) -> None:
    plan = (PlanStep("Greet"), *PLAN, PlanStep("Say goodbye"))
    steps = tuple(replace(step, plan_step=(step.plan_step or 0) + 1) for step in STEPS)
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, steps, plan), None)))
    assert [(row.title, row.detail) for row in rows(pane) if row.kind is RowKind.SECTION] == [
        ("1  Greet", "no steps"),
        ("2  Understand the request and the booking", "steps 0–6"),
        ("3  Carry out what the policy allows", "steps 7–11"),
        ("4  Say goodbye", "no steps"),
    ]


def test_actions_after_the_last_linked_step_stand_under_a_heading_of_their_own(pane: PlanPane) -> None:
    plan = (*PLAN, PlanStep("Say goodbye"))
    steps = tuple(replace(step, plan_step=None) if n > 4 else step for n, step in enumerate(STEPS))
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, steps, plan), None)))
    assert [(row.title, row.detail) for row in rows(pane) if row.kind is RowKind.SECTION] == [
        ("1  Understand the request and the booking", "steps 0–4"),
        ("2  Carry out what the policy allows", "no steps"),
        ("3  Say goodbye", "no steps"),
        ("Not linked to the plan", "steps 5–11"),
    ]


def test_the_menu_of_a_step_links_it_to_another_plan_step(pane: PlanPane, qtbot: QtBot) -> None:
    pane.render_state(desk(Draft()))
    menu = pane.menu_for(3)
    qtbot.addWidget(menu)
    links = next(action.menu() for action in menu.actions() if action.text() == "Link to plan step")
    assert isinstance(links, QMenu)
    assert [action.isChecked() for action in links.actions()] == [False, True, False]
    with qtbot.waitSignal(pane.link_requested) as asked:
        links.actions()[2].trigger()
    assert asked.args == [3, 1]


def relinked(step: int, plan_step: int) -> Hunk:
    before = STEPS[step : step + 1]
    return Hunk(Operator.REPLACE, step, step + 1, before, (replace(before[0], plan_step=plan_step),))


def test_a_proposed_link_is_a_hunk_that_shows_it() -> None:
    hunk = relinked(3, 1)
    before, after = sides(hunk.before, hunk.after)
    assert before.text.startswith("plan step 1\n")
    assert after.text.startswith("plan step 2\n")
    assert after.marks


def test_the_plan_says_that_a_step_is_linked_and_not_that_it_is_replaced(pane: PlanPane) -> None:
    pane.render_state(desk(Draft((WorkingHunk(relinked(3, 1), 1),))))
    notes = next(row.notes for row in rows(pane) if row.step == 3)
    assert [text for _, text in notes] == ["linked to plan step 2"]
    pane.render_state(desk(Draft((WorkingHunk(Hunk(Operator.REPLACE, 3, 4, STEPS[3:4], STEPS[3:4]), 1),))))
    assert [text for _, text in next(row.notes for row in rows(pane) if row.step == 3)] == ["replaced"]


def test_a_recorded_verdict_that_differs_is_shown_beside_the_losses(qtbot: QtBot) -> None:
    pane = LossesPane()
    qtbot.addWidget(pane)
    pane.show()
    source = Source("airline.json", 24, outcome={"verdicts": {"database": True}, "success": False, "reward": 1.0})
    trajectory = replace(BASE, source=source)
    pane.render_state(DeskState(opened=opened(trajectory, FOUND)))
    assert pane.recorded.isVisibleTo(pane)
    assert pane.recorded.accessibleName() == "≠ database: recorded as met, found unmet"
    assert pane.scores.accessibleName() == "Scores: case_acc 0 · commonsense_weighted_score 0.875"
    pane.render_state(DeskState(opened=opened()))
    assert not pane.recorded.isVisibleTo(pane)
    assert not pane.scores.isVisibleTo(pane)


def test_a_section_of_one_step_says_so_and_a_message_without_words_is_no_blank(pane: PlanPane) -> None:
    steps = (replace(STEPS[0], text="", plan_step=0), *(replace(step, plan_step=1) for step in STEPS[1:]))
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, steps, PLAN), None)))
    assert [row.detail for row in rows(pane) if row.kind is RowKind.SECTION] == ["step 0", "steps 1–11"]
    assert next(row.title for row in rows(pane) if row.step == 0).endswith(": (no words)")


def test_folding_out_keeps_the_selected_step_in_view_and_shows_no_step_of_another_run(
    pane: PlanPane, qtbot: QtBot
) -> None:
    last = len(STEPS) - 1
    pane.render_state(DeskState(opened=opened(inspection=FOUND), selected_step=last))
    pane.toggle_detail()
    place = pane.steps.rows.index(pane.steps.rows.row_of_step(last) or 0)
    qtbot.waitUntil(lambda: pane.steps.viewport().rect().contains(pane.steps.visualRect(place)))
    assert pane.detail.text.toPlainText()
    pane.render_state(DeskState(opened=opened(Trajectory(BASE.task_id, STEPS[:3], PLAN), None)))
    assert not pane.detail.text.toPlainText()
    assert pane.steps.verticalScrollBar().value() == 0
