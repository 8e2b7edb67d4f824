"""The page on which models are set up and tested: the one that does whatever is asked, and those of roles."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Answering, Capabilities, ModelEndpoint, Secret
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import TwoParts, column, label, scrolled
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, mark
from hitl_app.ui.windows.endpoint_form import EndpointForm
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.roles import Role


class ConnectionPage(QWidget):
    """Where a model is served, how it is asked, and what its server was found to be able to do.

    Signals:
        role_chosen: The model of another role is to be shown; `role` says which.
        default_requested: The role that is shown shall be played by the default model.
        test_requested, save_requested: The `ModelEndpoint`, and the key that was typed, which may be empty; to be
            answered by `show_capabilities`, `show_saved` or `show_problem`.
        stop_requested: Stop the test.
    """

    role_chosen = Signal()
    default_requested = Signal()
    test_requested = Signal(object, str)
    save_requested = Signal(object, str)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._testing = False
        self._shown_role = 0
        self._was_default = False
        self.roles = self._role_box()
        self.as_default = QCheckBox(self.tr("As the &default model"))
        self.as_default.toggled.connect(self._allow)
        self.price_hint = label(tone="warning", wrap=True)
        self._overrides = label(tone="warning", wrap=True)
        self._overrides.hide()
        self.form = EndpointForm()
        self.form.server_changed.connect(self._forget_result)
        self.result = QPlainTextEdit()
        self.result.setProperty("field", "true")
        self.result.setReadOnly(True)
        self.result.setTabChangesFocus(True)
        self.result.setAccessibleName(self.tr("What the server can do"))
        self.result.setPlaceholderText(self.tr("Test the connection to see what the server can do."))
        self.result.setMinimumHeight(4 * self.result.fontMetrics().lineSpacing())
        self.test = QPushButton(self.tr("&Test connection"))
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self._test_or_stop)
        self.save = QPushButton(self.tr("&Save"))
        self.save.setProperty("primary", "true")
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        self.told = label(wrap=True)
        self._lay_out()

    def _role_box(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self.tr("Whose model"))
        made.addItem(self.tr("Default: whatever has no model of its own"), "")
        for role, words in (
            (Role.PLANNER, self.tr("Planner: writes plans, and writes them anew")),
            (Role.EXECUTOR, self.tr("Executor: acts under a plan")),
            (Role.JUDGE, self.tr("Judge: scores plans and what was done")),
            (Role.SMALL, self.tr("Small model of a cascade")),
            (Role.LARGE, self.tr("Large model of a cascade")),
        ):
            made.addItem(words, role.value)
        made.currentIndexChanged.connect(self._choose_role)
        return made

    def _lay_out(self) -> None:
        whose = QFormLayout()
        whose.addRow(self.tr("&Whose model"), self.roles)
        self.form.price_in.textChanged.connect(self._allow)
        inner = QWidget()
        top = column(inner, margin=SPACE_S)
        top.addLayout(whose)
        top.addWidget(self.as_default)
        top.addWidget(self._overrides)
        top.addWidget(self.form)
        top.addWidget(self.price_hint)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(scrolled(inner), 3)
        layout.addWidget(self.result, 2)
        layout.addWidget(TwoParts(self.told, Flow(self.test, self.save)))

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def role(self) -> str:
        """The role whose model is shown; empty for the default model."""
        return str(self.roles.currentData() or "")

    def show_role(self, own: ModelEndpoint | None, default: ModelEndpoint | None) -> None:
        """Show the model of a role: its own, or the default one."""
        self._was_default = own is None
        self.as_default.setChecked(self._was_default)
        self.show_endpoint(own or default, Chosen())
        self._allow()

    def show_endpoint(self, endpoint: ModelEndpoint | None, chosen: Chosen) -> None:
        """Show what is in the settings, and which of it the environment's variables go before."""
        self._tell("", "")
        self.form.show_endpoint(endpoint)
        self._allow()
        lines = []
        if chosen.base_url:
            words = self.tr("HITL_APP_BASE_URL is set: {0} is asked, whatever stands here.")
            lines.append(words.format(chosen.base_url))
        if chosen.model:
            words = self.tr("HITL_APP_MODEL is set: {0} is asked for, whatever stands here.")
            lines.append(words.format(chosen.model))
        self._overrides.setText("\n".join(lines))
        self._overrides.setVisible(bool(lines))

    def show_key(self, secret: Secret | None) -> None:
        """Say where the key is kept."""
        self.form.show_key(secret)

    def show_capabilities(self, found: Capabilities | None) -> None:
        """Show what a server can do, line by line; None where nobody asked it yet."""
        self._end_test()
        self.result.setPlainText("" if found is None else "\n".join(self._capability_lines(found)))
        if found is not None:
            self.form.offer_models(found.models)

    def show_saved(self, endpoint: ModelEndpoint) -> None:
        """Say that the settings are durable."""
        self.form.show_endpoint(endpoint)
        self._was_default = False
        self._allow()
        self._tell(self.tr("Saved."), "success")

    def show_default(self) -> None:
        """Say that the role that is shown is played by the default model from now on."""
        self._tell(self.tr("Saved: the default model plays this role."), "success")

    def show_problem(self, problem: str) -> None:
        """Say why something was not done."""
        self._end_test()
        self._tell(f"▲ {problem}", "danger")

    def show_stopped(self) -> None:
        """Say that the test was stopped."""
        self._end_test()
        self._tell(self.tr("The test was stopped."), "muted")

    @property
    def unsaved(self) -> bool:
        """Whether anything was typed and not saved."""
        changed = bool(self.role) and self.as_default.isChecked() != self._was_default
        return changed or self.form.unsaved

    def _choose_role(self, number: int) -> None:
        """What was typed for one role is not lost by looking at another."""
        if number == self._shown_role:
            return
        if self.unsaved:
            self.roles.setCurrentIndex(self._shown_role)
            self.show_problem(self.tr("Save what was typed, or close and lose it, before another model is shown."))
        else:
            self._shown_role = number
            self.role_chosen.emit()

    def _allow(self) -> None:
        """A role that the default model plays has nothing of its own to set; cascades want prices."""
        self.as_default.setVisible(bool(self.role))
        own = not (self.role and self.as_default.isChecked())
        self.form.setEnabled(own)
        self.test.setEnabled(own)
        unpriced = self.role in (Role.SMALL, Role.LARGE) and not self.form.price_in.text().strip()
        self.price_hint.setText(
            self.tr("The price is missing: without it the cost of a cascade cannot be shown.") if unpriced else ""
        )
        self.price_hint.setVisible(unpriced)

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)

    def _capability_lines(self, found: Capabilities) -> Iterator[str]:
        if found.problem:
            yield self.tr("✕ The connection does not work: {0}").format(found.problem)
            yield from found.notes
            return
        yield self.tr("✓ The connection works.")
        for able, words in (
            (found.streaming, self.tr("streams its answers")),
            (found.tools, self.tr("calls tools")),
            (found.schema, self.tr("fits answers to a JSON schema")),
            (found.usage, self.tr("counts tokens (otherwise they are estimated)")),
            (found.seed, self.tr("takes a seed")),
        ):
            glyph = self.tr("? not tried:") if able is None else self.tr("✓ yes:") if able else self.tr("✕ no:")
            yield f"{glyph} {words}"
        way = {
            Answering.SCHEMA: self.tr("by a JSON schema"),
            Answering.TOOL: self.tr("as the arguments of a tool call"),
            Answering.TEXT: self.tr("in the text, where they are looked for"),
        }[found.answering]
        yield self.tr("Structured answers are asked for {0}.").format(way)
        if found.seconds is not None:
            yield self.tr("A short answer took {0} s.").format(f"{found.seconds:.2f}")
        if found.notes:
            yield self.tr("\nDetails of the test")
            yield from found.notes

    def _forget_result(self) -> None:
        """Another server: what is known of the one before says nothing about it."""
        if not self._testing:
            self.result.clear()

    # -- what the person does --------------------------------------------------------------------------------------

    def _test_or_stop(self) -> None:
        if self._testing:
            self.stop_requested.emit()
            return
        try:
            endpoint = self.form.endpoint()
        except UserError as error:
            self.show_problem(str(error))
            return
        self._testing = True
        self.test.setText(self.tr("S&top the test"))
        self.save.setEnabled(False)
        self._tell(self.tr("◌ Asking {0}…").format(endpoint.base_url), "accent")
        self.test_requested.emit(endpoint, self.form.key.text())

    def _end_test(self) -> None:
        self._testing = False
        self.test.setText(self.tr("&Test connection"))
        self.save.setEnabled(True)
        self._tell("", "")

    def _save(self) -> None:
        if self.role and self.as_default.isChecked():
            self.default_requested.emit()
            return
        try:
            endpoint = self.form.endpoint()
            if not endpoint.model:
                raise UserError(self.tr("Name the model. Test the connection to see which ones the server names."))
        except UserError as error:
            self.show_problem(str(error))
            return
        self.save_requested.emit(endpoint, self.form.key.text())
