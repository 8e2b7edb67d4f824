"""Cascades at the desk: strips of votes, other thresholds replayed, models for roles, and a person at their gate."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from cascades_on_record import a_run, voted
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from routing_scripts import GUIDELINE, OWN
from serving import Served, serving
from test_model_settings import fill, no_model_from_outside, opened
from test_shell_window import play, until

from hitl_app.domain.model import ModelEndpoint, Price, Usage
from hitl_app.domain.routing import Comparator, Confidence, EscalatedBy, RoutingSettings, what_if
from hitl_app.domain.routing_replay import replay
from hitl_app.domain.run import GateName
from hitl_app.ui.cascades import Votes, cascades_of, votes_of
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.what_if import SHARES, WhatIfPane
from hitl_app.ui.pictures.cascades import CascadesPicture
from hitl_app.ui.routing_desk import NEW
from hitl_app.ui.windows.route_gate import RouteDialog
from hitl_app.ui.windows.routing import ROWS, RoutingWindow
from hitl_app.workflow.workspace import Workspace

pytestmark = [
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
    pytest.mark.usefixtures(no_model_from_outside.__name__),
]

TITLES = {"one": "One <b>task</b>", "two": "Two", "three": "Three"}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving("routing_scripts:reply", Path(__file__).parent) as served:
        yield served


# -- strips and other thresholds ---------------------------------------------------------------------------------------


def test_a_strip_says_how_each_stage_voted_what_it_was_compared_with_and_who_decided(qapp: QApplication) -> None:
    picture = CascadesPicture(cascades_of(a_run(), TITLES))
    rows = picture.table.rows
    assert [row[:2] for row in rows] == [
        ("One <b>task</b>", "1"),
        ("Two", "1"),
        ("Two", "2"),
        ("Three · step 1", "1"),
        ("Three · step 1", "2"),
        ("Three · step 1", "3"),
        ("Three · step 2", "1"),
    ]
    assert rows[2][2:] == (
        "small model",
        "5 of 8 agree (0.625), other answers: 1 + 1, without an answer: 1",
        "0.625",
        "> 0.5",
        "✓ accepted by the threshold",
        "900 tokens, 0.0009 USD (measured)",
        "stage 2",
        "verified",
    )
    assert [row[6] for row in rows[3:]] == [
        "→ escalated by the threshold",
        "→ escalated by ann",
        "✓ taken as it is",
        "✓ accepted by ann",
    ]
    assert "6 of 8 agree (0.75)" in picture.description
    guessed = replace(voted("x", 1, ["a"], accepted=True), planning=Usage(1, 5, 5, False, None))
    (row,) = CascadesPicture(cascades_of([guessed], {})).table.rows
    assert row[7] == "≈110 tokens, price not known (estimated)"


def test_votes_are_of_those_that_pass_where_visible_checks_decide(qapp: QApplication) -> None:
    stage = voted("x", 1, ["a", "b", "b", ""], accepted=True)
    assert votes_of(stage) == Votes(2, (1,), 1)
    samples = tuple(replace(sample, passes=sample.number == 0) for sample in stage.samples)
    assert votes_of(replace(stage, samples=samples, confidence=Confidence.VISIBLE)) == Votes(1, (2,), 1)


def test_a_slider_replays_what_was_voted_and_says_unknown_where_samples_are_missing(qtbot: QtBot) -> None:
    pane, cascades = WhatIfPane(), cascades_of(a_run(), TITLES)
    qtbot.addWidget(pane)
    pane.replay_requested.connect(lambda wanted: pane.show_replay(replay(a_run(), wanted)))
    pane.show_cascades(cascades, RoutingSettings())
    assert _column(pane, 2) == ["unknown", "stage 1", "stage 2", "stage 3"], "first what would end elsewhere"
    whole = [cascade for cascade in cascades if cascade.place.step is None]
    for tau1, tau2, comparator in ((0.0, 0.0, ">"), (0.75, 0.5, ">="), (0.875, 0.625, ">"), (1.0, 1.0, ">=")):
        pane.tau1.setValue(round(tau1 * SHARES))
        pane.tau2_value.setValue(tau2)
        pane.comparator.setCurrentIndex(pane.comparator.findData(comparator))
        settings = RoutingSettings(tau1=tau1, tau2=tau2, comparator=Comparator(comparator))
        assert pane.settings == settings
        qtbot.waitUntil(partial(_has_replayed, pane, settings))
        assert pane.replayed is not None
        found = {each.place: each.would for each in pane.replayed.cascades}
        assert [found[cascade.place] for cascade in whole] == [what_if(each.stages, settings) for each in whole]
    assert _column(pane, 4)[0] == "unknown"


def test_many_cascades_are_drawn_page_by_page(qtbot: QtBot) -> None:
    window = RoutingWindow()
    qtbot.addWidget(window)
    stages = [voted(f"{number:03}", 1, ["a"] * 8, accepted=True) for number in range(ROWS + 1)]
    window.show_cascades(cascades_of(stages, {}), RoutingSettings())
    assert window.part.text() == "1 to 50 of 51"
    assert not window.before.isEnabled()
    window.after.click()
    assert (window.part.text(), window.after.isEnabled()) == ("51 to 51 of 51", False)
    assert window.stage.heading.text() == "050 · 1 · goals, small model"


def test_a_stage_is_chosen_by_keys_and_its_goals_guideline_and_answers_are_plain_text(qtbot: QtBot) -> None:
    window = RoutingWindow()
    qtbot.addWidget(window)
    window.show_page(0)
    window.show_cascades(cascades_of(a_run(), TITLES), RoutingSettings())
    view = window.panel.view
    assert window.focusWidget() is view
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert window.stage.heading.text() == "Two · 2 · guideline, small model"
    assert window.stage.samples.topLevelItemCount() == 8
    assert window.stage.text.toPlainText() == "Guideline\ncompare the prices before you book\n\nAnswer\nbook a"
    window.show_cascades(cascades_of(a_run(), TITLES), None)
    assert window.stage.heading.text().startswith("Two · 2"), "more of the same run leaves the choice as it is"


def _column(pane: WhatIfPane, number: int) -> list[str]:
    rows = pane.rows.findItems("", Qt.MatchFlag.MatchContains)
    return [row.text(number) for row in rows]


def _has_replayed(pane: WhatIfPane, wanted: RoutingSettings) -> bool:
    found = pane.replayed
    assert found is not None
    return RoutingSettings(tau1=found.tau1, tau2=found.tau2, comparator=found.comparator) == wanted


# -- models of roles ---------------------------------------------------------------------------------------------------


def test_each_role_has_the_default_model_or_one_of_its_own_with_its_price(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        default = ModelEndpoint("http://localhost:1/v1", "default", Price(1.0, 2.0))
        await workspace.models.save(default)
        dialog = await opened(window)
        page, form = dialog.connection, dialog.connection.form

        async def show(role: str) -> None:
            page.roles.setCurrentIndex(page.roles.findData(role))
            await window.modelling.idle()

        await show("small")
        assert page.as_default.isChecked()
        assert not form.isEnabled()
        assert form.model.currentText() == "default"
        page.as_default.setChecked(False)
        fill(dialog, "http://localhost:2/v1", "tiny")
        form.price_in.clear()
        form.price_out.clear()
        assert "price is missing" in page.price_hint.text()
        await show("large")
        assert page.role == "small", "what was typed is not lost"
        form.price_in.setText("0.1")
        form.price_out.setText("0.2")
        assert not page.price_hint.isVisible()
        page.save.click()
        await window.modelling.idle()
        small = ModelEndpoint("http://localhost:2/v1", "tiny", Price(0.1, 0.2))
        assert await workspace.models.role("small") == small
        assert await workspace.models.role("large") == await workspace.models.saved() == default
        await show("large")
        await show("small")
        assert form.endpoint() == small
        page.as_default.setChecked(True)
        page.save.click()
        await window.modelling.idle()
        assert await workspace.models.role("small") == default
        dialog.reject()
        assert not dialog.isVisible()

    play(qapp, tmp_path, story, samples=False)


# -- a person at the gate ----------------------------------------------------------------------------------------------


async def asked(window: MainWindow) -> RouteDialog:
    """The question that waits."""
    await until(lambda: any(each.isVisible() for each in window.findChildren(RouteDialog)))
    dialog = next(each for each in window.findChildren(RouteDialog) if each.isVisible())
    await until(dialog.isActiveWindow)
    return dialog


def test_a_person_escalates_with_a_guideline_of_their_own_and_the_run_records_it(
    qapp: QApplication, tmp_path: Path, server: Served
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        for role, price in (("small", Price(1.0, 1.0)), ("large", Price(10.0, 10.0))):
            await workspace.models.save_role(role, ModelEndpoint(server.base_url, role, price))
        desk = window.methods.cascades
        desk.show(NEW)
        assert desk.window is not None
        form = desk.window.form
        await until(form.start.isEnabled)
        assert "large (http" in form.players["large"].text()
        assert "10 USD in and 10 USD out" in form.players["large"].text()
        form.samples.setValue(2)
        form.with_me.setChecked(True)
        form.start.click()

        dialog = await asked(window)
        assert "1 of 2 agree (0.5)" in dialog.votes.outcome.text()
        assert dialog.go_on.text() == "&Continue: the threshold escalates"
        dialog.reject()
        assert window.run_desk.bar.isVisible()
        assert "ROUTE" in window.run_desk.bar.stage.text()
        window.session.go_to_question()
        dialog = await asked(window)
        dialog.guideline.setFocus()
        QTest.keyClicks(dialog.guideline, OWN)
        assert dialog.isVisible(), "letters are typed, and decide nothing"
        dialog.votes.samples.setFocus()
        QTest.keyClick(dialog.votes.samples, Qt.Key.Key_E)

        await until(lambda: any("2 of 2" in each.votes.outcome.text() for each in window.findChildren(RouteDialog)))
        second = await asked(window)
        assert second.guideline.toPlainText() == OWN
        assert "2 of 2 agree (1)" in second.votes.outcome.text()
        second.reason.setText("good enough")
        second.accept_now.click()
        await window.run_desk.runs.idle()
        await desk.idle()

        (run,) = await workspace.running.runs()
        first, last = await workspace.routing.stages(run.id)
        assert (first.escalated_by, first.decided_by) == (EscalatedBy.HUMAN, "ann")
        assert (last.accepted, last.decided_by, last.guideline) == (True, "ann", OWN)
        assert GUIDELINE not in {sample.plan for sample in last.samples}
        said = [each.changed for each in await workspace.running.passages(run.id) if each.gate is GateName.ROUTE]
        assert [(each["stage"], each["action"], each["guideline"], each["reason"]) for each in said] == [
            (1, "escalate", OWN, ""),
            (2, "accept", None, "good enough"),
        ]
        calls = await workspace.running.calls(run.id)
        paid = sum((call.usage for call in calls), Usage()).usd
        assert paid == pytest.approx((first.usage + last.usage).usd)
        assert paid
        await until(lambda: desk.window is not None and desk.window.runs.count() == 1)
        await until(lambda: "ann" in desk.window.stage.outcome.text() if desk.window else False)

    play(qapp, tmp_path, story)
