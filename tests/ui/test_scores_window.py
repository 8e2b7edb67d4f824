"""Rewards in the window: by rule and people side by side, given with number keys, and compared in their group."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_shell_window import play, until

from hitl_app.domain.decision import DecisionKind
from hitl_app.domain.grpo import Norm
from hitl_app.domain.reward_groups import Group, Member
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.score_table import COUNTS, JUDGE, OTHERS, OWN, RULE, ScoreTable, lines_of
from hitl_app.ui.windows.scores import ScoresWindow
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def cells(table: ScoreTable, row: int) -> list[str]:
    items = (table.item(row, column) for column in (RULE, JUDGE, OTHERS, OWN, COUNTS))
    return [item.text() for item in items if item is not None]


def test_rule_judge_and_people_stand_side_by_side_and_ones_own_counts(qtbot: QtBot) -> None:
    table = ScoreTable()
    qtbot.addWidget(table)
    human = ScoreSource.HUMAN
    scores = (
        Score("t", Reward.CORRECTNESS, 2, ScoreSource.JUDGE, "a model", reason="<b>too short</b>"),
        Score("t", Reward.CORRECTNESS, 4, human, "bo", made_at="1"),
        Score("t", Reward.CORRECTNESS, 5, human, "ann", made_at="2"),
        Score("t", Reward.ADHERENCE, 1, ScoreSource.RULE, "rules/1", step=3),
    )
    table.show_scores(lines_of([(3, "search")], has_plan=True), scores, "ann")
    assert cells(table, 1) == ["", "2", "bo 4", "5", "5"]
    assert cells(table, 2) == ["", "", "", "", "not measured"]
    assert cells(table, 5) == ["1 partial", "", "", "", "1 partial"]
    given = list[tuple[object, int, object]]()
    refused = list[tuple[int, int]]()
    table.given.connect(lambda *each: given.append(each))
    table.refused.connect(lambda *each: refused.append(each))
    table.setCurrentCell(5, OWN)
    QTest.keyClicks(table, "72")  # no adherence is 7
    assert given == [(Reward.ADHERENCE, 2, 3)]
    assert refused == [(0, 2)]


def test_without_a_plan_nothing_is_asked_about_one() -> None:
    assert {line.reward for line in lines_of([(0, "search")], has_plan=False)} == {Reward.END_TO_END, Reward.FORMAT}


def test_a_group_that_teaches_nothing_says_so(qtbot: QtBot) -> None:
    window = ScoresWindow()
    qtbot.addWidget(window)
    window.show()
    equal = Group("g", "t", (Member("a", 1.0, 0.0), Member("b", 1.0, 0.0)), ("c",), 1.0, 0.0)
    window.show_group(equal, {"a": "first"}, "a")
    items = (window.group.item(row, column) for row in range(3) for column in range(3))
    assert [item.text() for item in items if item is not None] == [
        *("first", "1.000", "+0.000"),
        *("b", "1.000", "+0.000"),
        *("c", "not measured", "–"),
    ]
    assert "nothing is learnt" in window.warning.text()
    window.show_group(Group("g", "t", (Member("a", 2.0, 1.0), Member("b", 1.0, -1.0)), (), 1.5, 0.7), {}, "a")
    assert not window.warning.isVisible()
    assert (window.chosen_stage, window.chosen_norm) == (1, Norm.MAX)


def test_what_a_person_gives_is_recorded_and_can_be_undone(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.actions_by_id["rewards"].trigger()
        scores = window.methods.scores.window
        assert scores is not None
        await until(lambda: scores.group.rowCount() > 0)
        assert scores.table.current is not None
        assert scores.table.current.reward is Reward.END_TO_END
        QTest.keyClick(scores.table, Qt.Key.Key_2)
        await until(lambda: cells(scores.table, 0)[3:] == ["2 efficient", "2 efficient"])
        (entry,) = await workspace.review.entries()
        assert (entry.decision.kind, entry.decision.annotator) == (DecisionKind.SCORE, "ann")
        scores.judge.click()
        await until(lambda: "no model is set up" in scores.problem.text())
        await workspace.review.undo("ann")
        scores.choice_changed.emit()
        window.actions_by_id["rewards"].trigger()
        await until(lambda: cells(scores.table, 0)[3] == "")

    play(qapp, tmp_path, story)
