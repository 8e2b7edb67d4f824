"""What a search of plans shall do: for which tasks, how many plans and rollouts, who writes and acts, at what cost."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from hitl_app.domain.run import Budget
from hitl_app.ui.panes.ceilings import Ceilings, number_field
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import caption, column, label, paragraph, scrolled
from hitl_app.ui.panes.run_form import Choices, data_words
from hitl_app.ui.theme import SPACE_M, SPACE_S

PLANS, ROLLOUTS, CONCURRENCY = 6, 3, 4


@dataclass(frozen=True)
class SearchWanted:
    """What a person asks a search to do.

    Attributes:
        all_tasks: Those of the queue instead of the one on the desk.
        by_model: A model writes plans and acts; else it is done offline.
        plans: Plans of each tree at most.
        rollouts: Executions of each plan.
    """

    all_tasks: bool = False
    by_model: bool = False
    plans: int = PLANS
    rollouts: int = ROLLOUTS
    budget: Budget = Budget()
    concurrency: int = CONCURRENCY


class SearchForm(QWidget):
    """The settings of a new search.

    Signals:
        start_requested: A `SearchWanted`.
        settings_requested: Set up a model.
    """

    start_requested = Signal(object)
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices, self._going = Choices(), False
        self.about = paragraph(
            self.tr(
                "A search writes a plan for each task, carries it out several times, and refines the most promising "
                "plan from a rollout that failed, until one is verified each time or the number of plans is reached."
            ),
            tone="muted",
        )
        self.open, self.all = QRadioButton(), QRadioButton()
        self.offline = QRadioButton(self.tr("O&ffline: plans are read off repaired runs; no model, no network"))
        self.model = QRadioButton()
        self._groups = [_exclusive(self, self.open, self.all), _exclusive(self, self.offline, self.model)]
        self.open.setChecked(True)
        self.offline.setChecked(True)
        self.set_up = QPushButton(self.tr("Set up a model…"))
        self.set_up.clicked.connect(self.settings_requested)
        self.plans = number_field(self.tr("Plans a task at most"), 1, 60, PLANS)
        self.rollouts = number_field(self.tr("Rollouts of each plan"), 1, 20, ROLLOUTS)
        self.concurrency = number_field(self.tr("Tasks at once"), 1, 64, CONCURRENCY)
        self.ceilings = Ceilings()
        self.start = QPushButton(self.tr("&Start the search"))
        self.start.setProperty("primary", "true")
        self.start.clicked.connect(lambda: self.start_requested.emit(self.wanted))
        self.hint = label(tone="warning", wrap=True)
        self._lay_out()
        for group in self._groups:
            group.buttonToggled.connect(self._allow)
        self.setAccessibleName(self.tr("New search"))
        self.setFocusProxy(self.open)
        self.show_choices(Choices())

    def _lay_out(self) -> None:
        size = _form()
        size.addRow(self.tr("&Plans a task at most"), self.plans)
        size.addRow(self.tr("Rollouts of &each plan"), self.rollouts)
        cost = _form()
        self.ceilings.add_to(cost)
        cost.addRow(self.tr("Tasks at &once"), self.concurrency)
        inner = QWidget()
        layout = column(inner)
        layout.addWidget(self.about)
        for title, parts in (
            (self.tr("Tasks"), (self.open, self.all)),
            (self.tr("Who writes plans and acts"), (self.offline, self.model, Flow(self.set_up))),
        ):
            layout.addSpacing(SPACE_S)
            layout.addWidget(caption(title))
            for part in parts:
                layout.addWidget(part)
        for title, form in ((self.tr("Size"), size), (self.tr("Budget"), cost)):
            layout.addSpacing(SPACE_S)
            layout.addWidget(caption(title))
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
        query = data_words(choices.query) or self.tr("no query")
        self.open.setText(self.tr("The task on the &desk: {0}").format(title))
        self.all.setText(self.tr("A&ll in the queue ({0}): {1}").format(query, choices.rows))
        self.open.setEnabled(bool(choices.open_id))
        self.all.setEnabled(choices.rows > 0)
        model = choices.model
        where = data_words(f"{model.model} ({model.base_url})") if model else self.tr("none is set up")
        if model and choices.blind:
            where = self.tr("name hidden")
        self.model.setText(self.tr("A &model: {0}").format(where))
        self.model.setEnabled(model is not None)
        self.set_up.setVisible(model is None)
        if model is None:
            self.offline.setChecked(True)
        self._allow()

    def _allow(self) -> None:
        asks, model = self.model.isChecked(), self._choices.model
        self.ceilings.allow(model=asks, priced=asks and model is not None and model.price is not None)
        chosen = any(button.isChecked() and button.isEnabled() for button in (self.open, self.all))
        self.start.setEnabled(chosen and not self._going)
        if self._going:
            self.hint.setText(self.tr("A run is under way: stop it, or let it end, before the next one begins."))
        else:
            self.hint.setText("" if chosen else self.tr("There is no task to search plans for: import some first."))
        self.hint.setVisible(bool(self.hint.text()))

    @property
    def choices(self) -> Choices:
        """What was shown to choose from."""
        return self._choices

    @property
    def wanted(self) -> SearchWanted:
        """What is asked for as the fields stand."""
        return SearchWanted(
            self.all.isChecked(),
            self.model.isChecked(),
            self.plans.value(),
            self.rollouts.value(),
            self.ceilings.budget(),
            self.concurrency.value(),
        )


def _exclusive(parent: QWidget, *buttons: QRadioButton) -> QButtonGroup:
    group = QButtonGroup(parent)
    for button in buttons:
        group.addButton(button)
    return group


def _form() -> QFormLayout:
    made = QFormLayout()
    made.setSpacing(SPACE_M)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    return made
