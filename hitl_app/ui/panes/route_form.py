"""What a new run of cascades shall do: which tasks, how many votes, which thresholds, who decides, at what cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.routing import LARGE, SMALL, Comparator, RoutingSettings
from hitl_app.domain.run import Budget
from hitl_app.ui.cascades import role_words
from hitl_app.ui.panes.ceilings import Ceilings, number_field
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import caption, column, label, paragraph, scrolled
from hitl_app.ui.panes.run_form import Choices
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S

DEFAULTS = RoutingSettings()
CONCURRENCY = 2
TITLE = 60
"""Characters of a task's title."""

Players = Mapping[str, ModelEndpoint | None]
"""Who plays the small and the large model; None where nobody is set up."""


@dataclass(frozen=True)
class RouteWanted:
    """What a person asks for.

    Attributes:
        all_tasks: Those of all rows of the queue; else that of the trajectory on the desk.
        step_by_step: A cascade for each next move of the agent.
        with_person: Ask after each of the first two stages.
        compare: Let each model do the tasks alone, too; then a cascade decides whole tasks, and nobody is asked.
    """

    settings: RoutingSettings
    all_tasks: bool = False
    step_by_step: bool = False
    with_person: bool = False
    compare: bool = False
    budget: Budget = Budget()
    concurrency: int = CONCURRENCY


class RouteForm(QWidget):
    """The settings of a new run of cascades.

    Signals:
        start_requested: A `RouteWanted`.
        settings_requested: Set the two models up.
    """

    start_requested = Signal(object)
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices, self._going = Choices(), False
        self._players: Players = {SMALL: None, LARGE: None}
        self._make_fields()
        self._lay_out()
        self.setAccessibleName(self.tr("New cascades"))
        self.setFocusProxy(self.open)
        self.show_choices(Choices(), self._players)

    # -- what it is made of ----------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.open, self.all = QRadioButton(), QRadioButton()
        self.whole = QRadioButton(self.tr("&Whole tasks: a cascade decides how a task is done"))
        self.steps = QRadioButton(self.tr("Step &by step: a cascade decides each next move of the agent"))
        self._groups = [_exclusive(self, self.open, self.all), _exclusive(self, self.whole, self.steps)]
        self.open.setChecked(True)
        self.whole.setChecked(True)
        self.samples = number_field(self.tr("Votes a stage"), 1, 64, DEFAULTS.samples)
        self.tau1 = _share(self.tr("Threshold of stage 1"), DEFAULTS.tau1)
        self.tau2 = _share(self.tr("Threshold of stage 2"), DEFAULTS.tau2)
        self.comparator = QComboBox()
        self.comparator.setAccessibleName(self.tr("How the majority is compared with a threshold"))
        self.comparator.addItem(self.tr("exceeds the threshold (>)"), Comparator.EXCEEDS.value)
        self.comparator.addItem(self.tr("reaches the threshold (≥)"), Comparator.AT_LEAST.value)
        self.with_me = QCheckBox(self.tr("With &me at the gate after the first two stages"))
        self.exhaustive = QCheckBox(self.tr("Run all stages, so that every threshold can be replayed (costs more)"))
        self.compare = QCheckBox(self.tr("&Compare: each model does the tasks alone as well (costs more)"))
        self.concurrency = number_field(self.tr("Tasks at once"), 1, 64, CONCURRENCY)
        self.ceilings = Ceilings()
        self.players = {role: label(wrap=True) for role in (SMALL, LARGE)}
        self.price_hint = label(tone="warning", wrap=True)
        self.set_up = QPushButton(self.tr("Set up the models…"))
        self.set_up.clicked.connect(self.settings_requested)
        self.start = QPushButton(self.tr("&Start"))
        self.start.setProperty("primary", "true")
        self.start.clicked.connect(lambda: self.start_requested.emit(self.wanted))
        self.hint = label(tone="warning", wrap=True)
        for group in self._groups:
            group.buttonToggled.connect(self._allow)
        self.with_me.toggled.connect(self._allow)
        self.compare.toggled.connect(self._allow)

    def _lay_out(self) -> None:
        about = self.tr(
            "The small model writes goals and votes; where the votes do not agree, the large one writes a guideline "
            "and the small one votes again; where they still do not, the large one does it. Most of the work is the "
            "small model's, so that it costs less, and takes longer."
        )
        votes, cost = _form(), _form()
        votes.addRow(self.tr("&Votes a stage"), self.samples)
        votes.addRow(self.tr("Threshold of stage &1"), self.tau1)
        votes.addRow(self.tr("Threshold of stage &2"), self.tau2)
        votes.addRow(self.tr("The ma&jority"), self.comparator)
        self.ceilings.add_to(cost)
        cost.addRow(self.tr("Tasks at &once"), self.concurrency)
        inner = QWidget()
        layout = column(inner)
        layout.addWidget(paragraph(about, tone="muted"))
        sections: tuple[tuple[str, tuple[QWidget | QFormLayout, ...]], ...] = (
            (self.tr("Tasks"), (self.open, self.all, self.whole, self.steps)),
            (self.tr("Models"), (*self.players.values(), self.price_hint, Flow(self.set_up))),
            (self.tr("Cascade"), (votes, self.with_me, self.exhaustive, self.compare)),
            (self.tr("Budget"), (cost,)),
        )
        for title, parts in sections:
            layout.addSpacing(SPACE_S)
            layout.addWidget(caption(title))
            for part in parts:
                layout.addWidget(part) if isinstance(part, QWidget) else layout.addLayout(part)
        layout.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        foot.addWidget(self.hint)
        foot.addWidget(Flow(self.start))
        whole.addLayout(foot)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_choices(self, choices: Choices, players: Players, *, going: bool = False) -> None:
        """Show what there is to choose from; `going` says that a run is under way."""
        self._choices, self._players, self._going = choices, players, going
        title = one_line(choices.title, TITLE) or self.tr("nothing is open")
        query = one_line(choices.query, TITLE) or self.tr("no query")
        self.open.setText(self.tr("The task on the &desk: {0}").format(title.replace("&", "&&")))
        self.all.setText(self.tr("A&ll in the queue ({0}): {1}").format(query.replace("&", "&&"), choices.rows))
        self.open.setEnabled(bool(choices.open_id))
        self.all.setEnabled(choices.rows > 0)
        for role, shown in self.players.items():
            shown.setText(f"{role_words(role)}: {self._player_words(players[role])}")
        unpriced = [role_words(role) for role, each in players.items() if each is not None and each.price is None]
        words = self.tr("The price is not known of: {0}. Without it no cost can be shown.")
        self.price_hint.setText(words.format(", ".join(unpriced)) if unpriced else "")
        self.price_hint.setVisible(bool(unpriced))
        self._allow()

    def _player_words(self, endpoint: ModelEndpoint | None) -> str:
        if endpoint is None:
            return self.tr("none is set up")
        if self._choices.blind:
            return self.tr("name hidden")
        where = self.tr("answers that I paste") if endpoint.pasted else endpoint.base_url
        words = one_line(f"{endpoint.model} ({where})", 2 * TITLE)
        if endpoint.price is None:
            return words
        price = self.tr("{0}, {1} USD in and {2} USD out a million tokens")
        return price.format(words, f"{endpoint.price.input:g}", f"{endpoint.price.output:g}")

    def _allow(self) -> None:
        models = all(each is not None for each in self._players.values())
        priced = all(each is not None and each.price is not None for each in self._players.values())
        self.ceilings.allow(model=True, priced=priced)
        compared = self.compare.isChecked()
        for part in (self.steps, self.with_me, self.exhaustive):
            part.setEnabled(not compared)
        self.compare.setEnabled(not self.with_me.isChecked() and not self.steps.isChecked())
        chosen = any(button.isChecked() and button.isEnabled() for button in (self.open, self.all))
        self.start.setEnabled(chosen and models and not self._going)
        if self._going:
            words = self.tr("A run is under way: stop it, or let it end, before the next one begins.")
        elif not models:
            words = self.tr("A model is missing: set one up that plays both, or one for each.")
        else:
            words = "" if chosen else self.tr("There is no task yet: import some first.")
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    @property
    def wanted(self) -> RouteWanted:
        """What is asked for as the fields stand."""
        compared = self.compare.isChecked()
        settings = RoutingSettings(
            samples=self.samples.value(),
            tau1=self.tau1.value(),
            tau2=self.tau2.value(),
            comparator=Comparator(self.comparator.currentData()),
            exhaustive=self.exhaustive.isChecked() and not compared,
        )
        return RouteWanted(
            settings,
            self.all.isChecked(),
            self.steps.isChecked() and not compared,
            self.with_me.isChecked() and not compared,
            compared,
            self.ceilings.budget(),
            self.concurrency.value(),
        )


def _exclusive(parent: QWidget, *buttons: QRadioButton) -> QButtonGroup:
    group = QButtonGroup(parent)
    for button in buttons:
        group.addButton(button)
    return group


def _share(name: str, value: float) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0, 1)
    field.setDecimals(3)
    field.setSingleStep(0.125)
    field.setValue(value)
    field.setAccessibleName(name)
    return field


def _form() -> QFormLayout:
    made = QFormLayout()
    made.setSpacing(SPACE_M)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    return made
