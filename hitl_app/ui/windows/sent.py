"""Shows what models were sent for the open trajectory, what came back, and what it cost."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.model import ModelCall
from hitl_app.domain.run import Run
from hitl_app.ui.panes.json_view import CAP, Formatted, Formatter, Highlighter, Part
from hitl_app.ui.panes.parts import label
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import theme_notifier
from hitl_app.ui.words import purpose_words, usage_words

NUMBER, PURPOSE, TOKENS, SECONDS, OUTCOME = range(5)


class SentDialog(QDialog):
    """Runs, the calls of one of them, and one call in full. Everything is plain text.

    Signals:
        run_chosen: A `Run` whose calls are to be shown; to be answered by `show_calls`.
    """

    run_chosen = Signal(object)

    def __init__(self, runs: Sequence[Run], parent: QWidget) -> None:
        """Make the window; `runs` newest first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What was sent"))
        self._runs = tuple(runs)
        self._calls: tuple[ModelCall, ...] = ()
        self._parts: tuple[Part, ...] = ()
        self.runs = QComboBox()
        self.runs.setAccessibleName(self.tr("Run"))
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.addItems([self._run_words(run) for run in runs])
        self.runs.currentIndexChanged.connect(self._choose_run)
        self.calls = self._list_of_calls()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "mono")
        self.text.setProperty("field", "true")
        self.text.setAccessibleName(self.tr("The call"))
        self._highlighter = Highlighter(self.text.document())
        self._formatter = Formatter(self)
        self._formatter.formatted.connect(self._take)
        theme_notifier.theme_changed.connect(self._highlighter.rehighlight)
        self._lay_out()
        self.resize(900, 700)
        self._allow()

    def _list_of_calls(self) -> QTreeWidget:
        shown = QTreeWidget()
        shown.setAccessibleName(self.tr("Calls"))
        shown.setRootIsDecorated(False)
        shown.setUniformRowHeights(True)
        shown.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        shown.setHeaderLabels(
            [self.tr("No."), self.tr("Asked to"), self.tr("Tokens"), self.tr("Seconds"), self.tr("Outcome")]
        )
        shown.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        shown.header().setStretchLastSection(True)
        shown.currentItemChanged.connect(self._show_call)
        return shown

    def _lay_out(self) -> None:
        self.all = QPushButton(self.tr("Show all"))
        self.all.clicked.connect(lambda: self._formatter.request(self._parts, None))
        self._copy = QPushButton(self.tr("&Copy what is shown"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.all, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        self.all.hide()  # not before: the box shows what it is given
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("&Run"), self.runs)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.calls)
        split.addWidget(self.text)
        split.setSizes([180, 480])
        split.setStretchFactor(1, 1)
        self.told = label(tone="muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(split, 1)
        layout.addWidget(self.told)
        layout.addWidget(buttons)

    def _run_words(self, run: Run) -> str:
        parts = (
            _minute(run.started_at),
            run.settings.command,
            one_line(run.settings.model, 60),
            usage_words(run.usage),
        )
        return " · ".join(filter(None, parts))

    def start(self) -> None:
        """Ask for the calls of the newest run; without one, say so."""
        if self._runs:
            self.run_chosen.emit(self._runs[0])
        else:
            self.told.setText(self.tr("No model was asked anything about this trajectory yet."))

    def show_calls(self, run: Run, calls: Sequence[ModelCall]) -> None:
        """Show the calls of a run, where it is still the chosen one."""
        if self._runs[self.runs.currentIndex()].id != run.id:
            return
        self._calls = tuple(calls)
        self.calls.clear()
        for number, call in enumerate(calls, 1):
            usage = call.usage
            tokens = f"{usage.tokens_in:,} + {usage.tokens_out:,}"
            outcome = one_line(call.error, 120) if call.error else self.tr("answered")
            texts = [str(number), purpose_words(call.purpose), tokens, f"{call.seconds:.1f}", outcome]
            item = QTreeWidgetItem(texts)
            for column in (NUMBER, TOKENS, SECONDS):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.calls.addTopLevelItem(item)
        self.told.setText("" if calls else self.tr("This run made no calls."))
        first = self.calls.topLevelItem(0)
        if first is not None:
            self.calls.setCurrentItem(first)
        self._show_call()

    def _choose_run(self, number: int) -> None:
        self.run_chosen.emit(self._runs[number])

    def _show_call(self) -> None:
        number = self.calls.currentIndex().row()
        self._parts = tuple(self._parts_of(self._calls[number])) if 0 <= number < len(self._calls) else ()
        self._formatter.request(self._parts, CAP)
        self._allow()

    def _parts_of(self, call: ModelCall) -> Iterator[Part]:
        facts = [
            self.tr("model: {0}, asked at {1}").format(one_line(call.model), one_line(call.endpoint)),
            self.tr("prompt: {0}").format(call.prompt or self.tr("none")),
            usage_words(call.usage),
            self.tr("{0} s, requests sent: {1}, begun at {2} UTC").format(
                f"{call.seconds:.2f}", call.attempts, _minute(call.started_at)
            ),
        ]
        if call.answering:
            facts.append(self.tr("structured answer asked for by: {0}").format(call.answering))
        yield Part(self.tr("CALL"), "\n".join(facts))
        if call.error:
            yield Part(self.tr("IT FAILED"), call.error)
        yield Part(self.tr("RAW ANSWER"), call.answer)  # before what was sent, which is long
        for message in call.messages:
            head = self.tr("SENT AS {0}").format(message.role.upper())
            if message.text:
                yield Part(head, message.text)
            if message.calls:
                calls = message.to_json()["calls"]
                yield Part(self.tr("{0}, CALLS").format(head), calls)
        yield Part(self.tr("PARAMETERS"), call.parameters)

    def _take(self, formatted: Formatted) -> None:
        self.text.clear()
        self._highlighter.show_spans(formatted.spans)
        self.text.setPlainText(formatted.text)
        missing = formatted.whole - len(formatted.text)
        self.all.setVisible(missing > 0)
        self.all.setText(self.tr("Show all ({0} characters more)").format(f"{missing:,}"))

    def _allow(self) -> None:
        self._copy.setEnabled(bool(self._parts))
        self.runs.setEnabled(bool(self._runs))


def _minute(moment: str) -> str:
    """A moment in ISO 8601 as people read it."""
    return moment[:16].replace("T", " ")
