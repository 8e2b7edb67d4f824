"""What a run shall do: which trajectories, who proposes, who decides at the gates, and how much it may cost."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.run import Budget
from hitl_app.ui.panes.ceilings import Ceilings, number_field
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import caption, column, label, scrolled
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.workflow.refining import MODEL, REPAIR

ITERATIONS, CONCURRENCY, CANDIDATES = 3, 4, 3
TITLE = 60
"""Characters of a task's title."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from.

    Attributes:
        open_id: The trajectory on the desk; empty where there is none.
        title: Of its task.
        rows, pending: Rows of the present query, and those of them that nobody has decided on.
        model: The model that is set up; None where none is.
        blind: Its name is hidden.
    """

    open_id: str = ""
    title: str = ""
    query: str = ""
    rows: int = 0
    pending: int = 0
    model: ModelEndpoint | None = None
    blind: bool = False


class RunForm(QWidget):
    """The settings of a new run.

    Signals:
        start_requested: The person wants the run to begin.
        settings_requested: Set up a model.
    """

    start_requested = Signal()
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices, self._going = Choices(), False
        self.open, self.all, self.pending = QRadioButton(), QRadioButton(), QRadioButton()
        self.repair = QRadioButton(self.tr("The offline &repairer: no model, no network"))
        self.model = QRadioButton()
        self.plan = QCheckBox(self.tr("&Plan the tasks anew first; candidates for each:"))
        self.candidates = number_field(self.tr("Candidates for each task"), 1, 20, CANDIDATES)
        self.set_up = QPushButton(self.tr("Set up a model…"))
        self.set_up.clicked.connect(self.settings_requested)
        self._no_model = Flow(self.set_up)
        self.alone = QRadioButton(self.tr("&Autonomous: rules decide"))
        self.with_me = QRadioButton(self.tr("With &me at the five gates, one task after the other"))
        self._groups = [
            _group(self, self.open, self.pending, self.all),
            _group(self, self.repair, self.model),
            _group(self, self.alone, self.with_me),
        ]
        for button in (self.open, self.repair, self.alone):
            button.setChecked(True)
        self.iterations = number_field(self.tr("Iterations a task"), 1, 100, ITERATIONS)
        self.ceilings = Ceilings()
        self.concurrency = number_field(self.tr("Tasks at once"), 1, 64, CONCURRENCY)
        self.start = QPushButton(self.tr("&Start the run"))
        self.start.setProperty("primary", "true")
        self.start.clicked.connect(self.start_requested)
        self.hint = label(tone="warning", wrap=True)
        self._lay_out()
        self.plan.toggled.connect(self._allow)
        for group in self._groups:
            group.buttonToggled.connect(self._allow)
        self.setAccessibleName(self.tr("New run"))
        self.setFocusProxy(self.open)
        self.show_choices(Choices())

    def _lay_out(self) -> None:
        inner = QWidget()
        layout = column(inner)
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.addRow(self.tr("&Iterations a task"), self.iterations)
        self.ceilings.add_to(form)
        form.addRow(self.tr("Tasks at &once"), self.concurrency)
        for title, parts in (
            (self.tr("Trajectories"), (self.open, self.pending, self.all)),
            (self.tr("Who proposes"), (self.repair, self.model, self._no_model, Flow(self.plan, self.candidates))),
            (self.tr("Who decides"), (self.alone, self.with_me)),
        ):
            layout.addSpacing(SPACE_S)
            layout.addWidget(caption(title))
            for part in parts:
                layout.addWidget(part)
        layout.addWidget(caption(self.tr("Budget")))
        layout.addLayout(form)
        layout.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        foot.addWidget(self.hint)
        foot.addWidget(Flow(self.start))
        whole.addLayout(foot)

    def show_choices(self, choices: Choices, *, going: bool = False) -> None:
        """Show what there is to choose from; `going` says that a run is under way."""
        self._choices, self._going = choices, going
        title = data_words(choices.title) or self.tr("nothing is open")
        self.open.setText(self.tr("The trajectory on the &desk: {0}").format(title))
        query = data_words(choices.query) or self.tr("no query")
        self.pending.setText(self.tr("Those still &to do in the queue ({0}): {1}").format(query, choices.pending))
        self.all.setText(self.tr("A&ll in the queue ({0}): {1}").format(query, choices.rows))
        self.open.setEnabled(bool(choices.open_id))
        self.pending.setEnabled(choices.pending > 0)
        self.all.setEnabled(choices.rows > 0)
        model = choices.model
        where = data_words(f"{model.model} ({model.base_url})") if model else self.tr("none is set up")
        if model and choices.blind:
            where = self.tr("name hidden")
        self.model.setText(self.tr("A mod&el: {0}").format(where))
        self.model.setEnabled(model is not None)
        self._no_model.setVisible(model is None)
        if model is None:
            self.repair.setChecked(True)
        self._allow()

    def _allow(self) -> None:
        asks_model, model = self.model.isChecked(), self._choices.model
        priced = asks_model and model is not None and model.price is not None
        self.plan.setEnabled(asks_model)
        self.candidates.setEnabled(asks_model and self.plan.isChecked())
        self.ceilings.allow(model=asks_model, priced=priced)
        self.concurrency.setEnabled(asks_model and self.alone.isChecked())
        chosen = any(button.isChecked() and button.isEnabled() for button in (self.open, self.pending, self.all))
        self.start.setEnabled(chosen and not self._going)
        if self._going:
            self.hint.setText(self.tr("A run is under way: stop it, or let it end, before the next one begins."))
        else:
            self.hint.setText("" if chosen else self.tr("Choose at least one trajectory."))
        self.hint.setVisible(bool(self.hint.text()))

    @property
    def choices(self) -> Choices:
        """What was shown to choose from."""
        return self._choices

    @property
    def proposer(self) -> str:
        """Who proposes, by the name that the use case knows."""
        return MODEL if self.model.isChecked() else REPAIR

    @property
    def planned(self) -> int:
        """Candidates for each task that are planned anew; 0 where the run starts from the trajectories themselves."""
        return self.candidates.value() if self.candidates.isEnabled() else 0

    def budget(self) -> Budget:
        """The ceilings; one that is not enabled is none."""
        return replace(self.ceilings.budget(), iterations=self.iterations.value())


def _group(parent: QWidget, *buttons: QRadioButton) -> QButtonGroup:
    group = QButtonGroup(parent)
    for button in buttons:
        group.addButton(button)
    return group


def data_words(text: str) -> str:
    """A text in a button: an ampersand in it marks no key."""
    return one_line(text, TITLE).replace("&", "&&")
