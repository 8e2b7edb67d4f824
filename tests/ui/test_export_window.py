"""The window of exports: counts that follow every choice, rows as trainers see them, and what was written."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from test_shell_window import play, until

from hitl_app.domain.chat import Doubt, Piece, RenderedChat
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.training import Cleaning, ExportSettings, Filters, PairKind, Resampling, Span, Splits, Weighting
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.windows.export_rows import SHOWN
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.workflow.export_choices import ExportChoices
from hitl_app.workflow.exporting import ExportFormat, ExportPreview, Row
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

FORMATS = (
    ExportFormat("trl-sft", "TRL", chooses=True, pairs=False, spans=(), needs="", problem=""),
    ExportFormat("trl-dpo", "TRL", chooses=True, pairs=True, spans=tuple(Span), needs="", problem=""),
    ExportFormat(
        "new",
        "<b>Somebody</b> new",
        chooses=False,
        pairs=False,
        spans=(),
        needs="parquet",
        problem="pyarrow is missing",
    ),
)
ROW: JsonObject = {"messages": [{"role": "user", "content": "<b>hi</b>"}]}
PREVIEW = ExportPreview(
    ExportSummary("trl-sft", (("a-train.jsonl", 7),), (("not verified", 4),), (), (("EMAIL", 2),)),
    {"a-train.jsonl": (Row(json.dumps(ROW)), Row("{}"))},
    whole=False,
)
CHOSEN = ExportSettings(
    frozenset({PairKind.ACCEPTED_BASE}),
    frozenset({Span.WHOLE, Span.HUNK}),
    Filters(verified=True, human=True, no_override=True, no_answer=True, agreement=0.5, query="env:travel"),
    Splits((("train", 0.75), ("held_out", 0.25)), 7),
    Weighting.MARGIN,
    Resampling(2.5, 3),
    Cleaning.MASK,
)


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[ExportDialog]:
    parent = QMainWindow()
    qtbot.addWidget(parent)
    made = ExportDialog(FORMATS, parent)
    made.show()
    yield made
    parent.close()


def cells(table: Table) -> list[tuple[str, ...]]:
    items = [table.topLevelItem(n) for n in range(table.topLevelItemCount())]
    return [tuple(item.text(n) for n in range(table.columnCount())) for item in items if item is not None]


def shown(dialog: ExportDialog) -> list[tuple[str, bool]]:
    """The text that is shown, and which parts of it are in bold letters."""
    cursor, parts = QTextCursor(dialog.rows.text.document()), list[tuple[str, bool]]()
    for place, character in enumerate(dialog.rows.text.toPlainText()):
        cursor.setPosition(place + 1)
        bold = cursor.charFormat().fontWeight() == QFont.Weight.Bold
        if parts and parts[-1][1] is bold:
            parts[-1] = (parts[-1][0] + character, bold)
        else:
            parts.append((character, bold))
    return parts


def test_counts_say_at_least_where_only_the_beginning_was_read(dialog: ExportDialog) -> None:
    dialog.ask_for_preview()
    dialog.show_preview(PREVIEW)
    assert "at least 7 rows to 1 files, and leave out at least 4" in dialog.summary.text()
    assert cells(dialog.pages.files) == [("a-train.jsonl", "train", "≥ 7")]
    assert cells(dialog.pages.exclusions) == [("not verified", "≥ 4")]
    assert cells(dialog.pages.found) == [("e-mail addresses (EMAIL)", "≥ 2")]
    assert [dialog.pages.tabText(n) for n in (1, 2, 3)] == ["Files (1)", "Left out (4)", "Found (2)"]


def test_options_are_shown_only_where_the_format_reads_them(dialog: ExportDialog) -> None:
    pairs, verified = dialog.options.pairs[PairKind.ACCEPTED_BASE], dialog.options.verified
    for name, of_pairs, chooses in (("trl-dpo", True, True), ("trl-sft", False, True), ("new", False, False)):
        dialog.format.setCurrentText(name)
        assert (pairs.isVisible(), verified.isVisible()) == (of_pairs, chooses)
    assert "<b>Somebody</b> new" in dialog.format.accessibleDescription()
    verified.setChecked(True)
    choices = dialog.choices()
    assert choices is not None
    assert choices.settings == ExportSettings(), "a format that holds everything is not asked for less"


def test_what_was_chosen_is_shown_again_as_it_was(dialog: ExportDialog) -> None:
    choices = ExportChoices("trl-dpo", CHOSEN, "/data/out", "/models/tokenizer_config.json")
    dialog.show_choices(choices)
    assert dialog.choices() == choices
    dialog.options.usual.click()
    assert dialog.options.settings() == ExportSettings()


def test_what_makes_no_sense_is_said_beside_the_options_and_cannot_be_exported(dialog: ExportDialog) -> None:
    dialog.format.setCurrentText("trl-dpo")
    dialog.folder.setText("out")
    asked = list[ExportChoices]()
    dialog.preview_wanted.connect(asked.append)
    options = dialog.options

    def wrong(words: str) -> None:
        dialog.ask_for_preview()
        assert dialog.summary.text().startswith("Nothing is counted: ")
        assert words in dialog.summary.text()
        assert not asked
        QTest.keyClick(dialog.folder, Qt.Key.Key_Return)
        assert dialog.summary.text().startswith("Nothing is counted: ")
        options.usual.click()

    options.parts.setEditText("train=0.5,test=0.6")
    wrong("add up to 1")
    options.query.setText("status:nonsense")
    wrong("nonsense")
    for box in options.spans.values():
        box.setChecked(False)
    wrong("at least one")
    dialog.ask_for_preview()
    assert [choices.settings for choices in asked] == [ExportSettings()]
    assert not options.problem


def test_return_among_the_options_counts_and_elsewhere_exports(dialog: ExportDialog) -> None:
    counted, exported = list[ExportChoices](), list[ExportChoices]()
    dialog.preview_wanted.connect(counted.append)
    dialog.export_requested.connect(exported.append)
    dialog.folder.setText("out")
    dialog.activateWindow()
    dialog.options.query.setFocus()
    dialog.options.query.setText("status:flagged")
    QTest.keyClick(dialog.options.query, Qt.Key.Key_Return)
    assert [each.settings.filters.query for each in counted] == ["status:flagged"]
    assert not exported
    dialog.folder.setFocus()
    QTest.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert [(each.format_name, each.folder) for each in exported] == [("trl-sft", "out")]


def test_an_export_can_be_stopped_while_it_is_written(dialog: ExportDialog) -> None:
    stopped = list[bool]()
    dialog.stop_requested.connect(lambda: stopped.append(True))
    dialog.folder.setText("out")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    dialog.show_progress(3, 10)
    assert dialog.summary.text() == "Writing… Read so far: 3 of 10"
    dialog.reject()
    assert stopped == [True]
    assert dialog.isVisible()
    dialog.show_problem("stopped")
    dialog.reject()
    assert not dialog.isVisible()


def test_what_was_written_can_be_copied_with_the_command_that_does_the_same(dialog: ExportDialog) -> None:
    summary = ExportSummary(
        "trl-dpo", (("pairs.jsonl", 3),), (("undone", 1),), ("b.jsonl is not written: it would have no rows",)
    )
    dialog.show_result(summary, Path("out"), "hitl-app export --out out")
    assert "Written to out" in dialog.summary.text()
    assert cells(dialog.pages.files)[0] == ("pairs.jsonl", "", "3")
    dialog.command.copy.click()
    assert QApplication.clipboard().text() == dialog.command.line.text() == "hitl-app export --out out"
    (copy,) = (each for each in dialog.findChildren(QWidget) if each.accessibleName() == "Copy the summary")
    QTest.keyClick(copy, Qt.Key.Key_Space)
    copied = QApplication.clipboard().text()
    assert "pairs.jsonl: rows 3" in copied
    assert "undone: 1" in copied
    assert "b.jsonl is not written" in copied


def test_what_is_trained_on_is_told_by_more_than_a_colour_and_data_stays_plain_text(dialog: ExportDialog) -> None:
    asked = list[tuple[Row, Path | None]]()
    dialog.rows.render_wanted.connect(lambda row, file: asked.append((row, file)))
    dialog.show_preview(PREVIEW)
    assert "<b>hi</b>" in dialog.rows.text.toPlainText()
    dialog.rows.as_trainer.click()
    assert asked == [(Row(json.dumps(ROW)), None)]
    pieces = Piece("<b>hi</b> 好", trained=False), Piece("yes", trained=True)
    other = RenderedChat("rejected", problem="TemplateError: <i>no</i>")
    dialog.rows.show_chats([RenderedChat("chosen", pieces, (Doubt.CALLS_DROPPED,)), other])
    assert shown(dialog) == [("<b>hi</b> 好", False), ("yes", True)]
    assert "3 of 14 characters" in dialog.rows.legend.text()
    assert "leaves tool calls out" in dialog.rows.notes.text()
    dialog.rows.side.setCurrentIndex(1)
    assert "<i>no</i>" in dialog.rows.notes.text()
    assert dialog.rows.text.toPlainText() == ""
    dialog.rows.choose_template(Path("mine.jinja"))
    dialog.rows.number.setValue(2)
    assert [file for _, file in asked[1:]] == [Path("mine.jinja")] * 2
    dialog.rows.show_problem("mine.jinja: cannot be read")
    assert "cannot be read" in dialog.rows.notes.text()


def test_of_a_very_long_row_the_part_around_what_is_trained_on_is_shown(dialog: ExportDialog) -> None:
    long = RenderedChat(
        "c", (Piece("p" * 90_000, trained=False), Piece("t" * 10, trained=True), Piece("q" * 90_000, trained=False))
    )
    dialog.show_preview(PREVIEW)
    dialog.rows.as_trainer.click()
    dialog.rows.show_chats([long])
    text = dialog.rows.text.toPlainText()
    assert len(text) == SHOWN
    assert text[SHOWN // 2 :].startswith("t" * 10)
    assert "10 of 180,010 characters" in dialog.rows.legend.text()


def test_choices_are_counted_rendered_written_and_remembered(qapp: QApplication, tmp_path: Path) -> None:
    out, template = tmp_path / "out", tmp_path / "chat_template.jinja"
    data = tmp_path / "data"
    data.mkdir()
    template.write_text("{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}")

    async def story(window: MainWindow, workspace: Workspace) -> None:
        while not window.session.state.draft.hunks:
            QTest.keyClicks(QApplication.focusWidget() or window, "j")
            await window.session.idle()
        window.session.approve_all()
        await window.session.idle()
        dialog = window.files.choose_export()
        await until(dialog.isVisible)
        dialog.format.setCurrentText("trl-dpo")
        await until(lambda: "Nothing is written yet" in dialog.summary.text())
        assert dialog.rows.row is not None
        dialog.rows.as_trainer.click()
        await until(lambda: any(bold and "<|im_end|>" in text for text, bold in shown(dialog)))
        dialog.rows.choose_template(template)
        await until(lambda: "leaves tool calls out" in dialog.rows.notes.text())
        dialog.options.human.setChecked(True)
        dialog.options.query.setText("status:flagged")
        dialog.ask_for_preview()
        await until(lambda: "Would write 0 rows" in dialog.summary.text())
        dialog.options.query.clear()
        await until(
            lambda: "Nothing is written yet" in dialog.summary.text() and dialog.pages.files.topLevelItemCount() > 0
        )
        dialog.folder.setText(str(out))
        dialog.folder.setFocus()
        QTest.keyClick(dialog.folder, Qt.Key.Key_Return)
        await until(lambda: "Written to" in dialog.summary.text())
        words = shlex.split(dialog.command.line.text())
        assert words == [
            *["hitl-app", "export", "--data-dir"],
            str(data),
            "--format",
            "trl-dpo",
            "--out",
            str(out),
            "--human",
        ]
        dialog.reject()
        again = window.files.choose_export()
        await until(again.isVisible)
        assert again.choices() == ExportChoices(
            "trl-dpo", ExportSettings(filters=Filters(human=True)), str(out), str(template)
        )
        again.reject()

    play(qapp, data, story)
    assert sum(path.stat().st_size for path in out.glob("*.jsonl"))
