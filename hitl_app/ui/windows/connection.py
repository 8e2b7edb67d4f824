"""The page on which a model's server is set up and tested."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.endpoints import server_url
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Answering, Capabilities, ModelEndpoint, Price, Secret
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, scrolled
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, mark
from hitl_app.workflow.models import Chosen

PRESETS = (
    ("Ollama", "http://localhost:11434/v1"),
    ("llama.cpp", "http://localhost:8080/v1"),
    ("vLLM", "http://localhost:8000/v1"),
    ("OpenAI", "https://api.openai.com/v1"),
)
"""Where these servers answer when nothing else was said."""

DEFAULTS = ModelEndpoint("", "")
LONGEST_WAIT, MOST_RETRIES, MOST_CALLS = 3_600, 20, 64
"""Bounds of the fields: seconds, attempts, calls at the same time."""


class ConnectionPage(QWidget):
    """Where the model is served, how it is asked, and what its server was found to be able to do.

    Signals:
        test_requested, save_requested: The `ModelEndpoint`, and the key that was typed, which may be empty; to be
            answered by `show_capabilities`, `show_saved` or `show_problem`.
        stop_requested: Stop the test.
        server_changed: Base URL of the server whose key and models are to be shown.
        forget_requested: Base URL of the server whose key is to be forgotten.
    """

    test_requested = Signal(object, str)
    save_requested = Signal(object, str)
    stop_requested = Signal()
    server_changed = Signal(str)
    forget_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = DEFAULTS
        self._testing = False
        self._overrides = label(tone="warning", wrap=True)
        self._overrides.hide()
        self._make_fields()
        self._make_key()
        self.result = QPlainTextEdit()
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
        self.show_endpoint(None)

    # -- what it is made of ----------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.preset = QComboBox()
        self.preset.addItem(self.tr("Other"), "")
        for name, url in PRESETS:
            self.preset.addItem(name, url)
        self.preset.activated.connect(self._take_preset)
        self.base_url = QLineEdit()
        self.base_url.setPlaceholderText("http://localhost:8000/v1")
        self.base_url.textChanged.connect(self._find_preset)
        self.base_url.editingFinished.connect(self._tell_server)
        self.model = QComboBox()
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model.setMinimumContentsLength(20)
        self.price_in, self.price_out = _price_field(self), _price_field(self)
        for price in (self.price_in, self.price_out):
            price.setPlaceholderText(self.tr("not known"))
        self.timeout = _number(1, LONGEST_WAIT, self.tr(" s"))
        self.retries = _number(0, MOST_RETRIES)
        self.concurrency = _number(1, MOST_CALLS)
        named: tuple[tuple[QWidget, str], ...] = (
            (self.preset, self.tr("Server")),
            (self.base_url, self.tr("Base URL")),
            (self.model, self.tr("Model")),
            (self.price_in, self.tr("Price of a million tokens in, in US dollars")),
            (self.price_out, self.tr("Price of a million tokens out, in US dollars")),
            (self.timeout, self.tr("Seconds without an answer before an attempt is given up")),
            (self.retries, self.tr("Attempts after the first one")),
            (self.concurrency, self.tr("Calls at the same time")),
        )
        for field, name in named:
            field.setAccessibleName(name)

    def _make_key(self) -> None:
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setAccessibleName(self.tr("Key"))
        self.key_place = label(tone="muted", wrap=True)
        self.forget = QPushButton(self.tr("Forget"))
        self.forget.setAutoDefault(False)
        self.forget.setAccessibleName(self.tr("Forget the key"))
        self.forget.clicked.connect(lambda: self.forget_requested.emit(self._url()))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("Ser&ver"), self.preset)
        form.addRow(self.tr("&Base URL"), self.base_url)
        form.addRow(self.tr("&Model"), self.model)
        form.addRow(self.tr("&Key"), _row(self.key, self.forget))
        form.addRow("", self.key_place)
        form.addRow(self.tr("&Price in, out"), _row(self.price_in, self.price_out))
        words = self.tr(
            "US dollars per million tokens, as your provider lists them; 0 where nothing is charged. "
            "Without them no price is known: money is not counted, and cannot be a ceiling."
        )
        form.addRow("", label(words, tone="muted", wrap=True))
        form.addRow(self.tr("T&imeout"), self.timeout)
        form.addRow(self.tr("&Retries"), self.retries)
        form.addRow(self.tr("&At a time"), self.concurrency)
        inner = QWidget()
        top = column(inner, margin=SPACE_S)
        top.addWidget(self._overrides)
        top.addLayout(form)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(scrolled(inner), 3)
        layout.addWidget(self.result, 2)
        layout.addWidget(self.told)
        layout.addWidget(Flow(self.test, self.save))

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_endpoint(self, endpoint: ModelEndpoint | None) -> None:
        """Show what is in the settings; None where nothing was saved yet."""
        self._saved = endpoint or DEFAULTS
        shown = self._saved
        self.base_url.setText(shown.base_url)
        self.model.setEditText(shown.model)
        self.price_in.setText("" if shown.price is None else f"{shown.price.input:g}")
        self.price_out.setText("" if shown.price is None else f"{shown.price.output:g}")
        self.timeout.setValue(round(shown.timeout))
        self.retries.setValue(shown.retries)
        self.concurrency.setValue(shown.concurrency)
        self._find_preset()

    def show_overrides(self, chosen: Chosen) -> None:
        """Say which of the fields the environment's variables go before."""
        lines = []
        if chosen.base_url:
            lines.append(
                self.tr("HITL_APP_BASE_URL is set: {0} is asked, whatever stands here.").format(chosen.base_url)
            )
        if chosen.model:
            lines.append(self.tr("HITL_APP_MODEL is set: {0} is asked for, whatever stands here.").format(chosen.model))
        self._overrides.setText("\n".join(lines))
        self._overrides.setVisible(bool(lines))

    def show_key(self, secret: Secret | None) -> None:
        """Say where the key is kept. The key itself is never shown, not even its length."""
        self.key.clear()
        source = secret.source if secret else ""
        words = {
            "environment": self.tr(
                "The environment variable HITL_APP_API_KEY holds the key, and goes before any other."
            ),
            "keyring": self.tr("The key is kept in this system's keyring."),
            "memory": self.tr("There is no keyring here: the key is kept until the desk is closed, and nowhere else."),
        }
        none = self.tr("There is no key for this server. Servers on your own machine seldom want one.")
        self.key_place.setText(words.get(source, none))
        known = self.tr("known; type another one to replace it") if secret else self.tr("none")
        self.key.setPlaceholderText(known)
        self.forget.setEnabled(source in ("keyring", "memory"))

    def show_capabilities(self, found: Capabilities | None) -> None:
        """Show what a server can do, line by line; None where nobody asked it yet."""
        self._end_test()
        self.result.setPlainText("" if found is None else "\n".join(self._capability_lines(found)))
        if found is not None:
            self._offer_models(found)

    def show_saved(self, endpoint: ModelEndpoint) -> None:
        """Say that the settings are durable."""
        self._saved = endpoint
        self.base_url.setText(endpoint.base_url)
        self._tell(self.tr("Saved."), "success")

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
        """Whether anything differs from what was saved."""
        try:
            return bool(self.key.text()) or self.endpoint() != self._saved
        except UserError:
            return True

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)

    def _offer_models(self, found: Capabilities) -> None:
        typed = self.model.currentText()
        self.model.clear()
        self.model.addItems(list(found.models))
        self.model.setEditText(typed or (found.models[0] if len(found.models) == 1 else ""))

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
        if found.first_token_seconds is not None:
            yield self.tr("Time to the first token: {0} s").format(f"{found.first_token_seconds:.2f}")
        if found.seconds is not None:
            yield self.tr("Time of a short answer: {0} s").format(f"{found.seconds:.2f}")
        yield from found.notes

    # -- what the person does --------------------------------------------------------------------------------------

    def endpoint(self) -> ModelEndpoint:
        """What the fields say.

        Raises:
            UserError: A field cannot be used; says which.
        """
        return replace(
            self._saved,
            base_url=server_url(self.base_url.text()),
            model=self.model.currentText().strip(),
            price=self._price(),
            timeout=float(self.timeout.value()),
            retries=self.retries.value(),
            concurrency=self.concurrency.value(),
        )

    def _price(self) -> Price | None:
        texts = self.price_in.text().strip(), self.price_out.text().strip()
        if not any(texts):
            return None
        try:
            return Price(float(texts[0]), float(texts[1]))
        except ValueError:
            raise UserError(self.tr("Give both prices, such as 0.15 and 0.60, or none.")) from None

    def _url(self) -> str:
        """The base URL as it would be kept, or what was typed where that is none."""
        try:
            return server_url(self.base_url.text())
        except UserError:
            return self.base_url.text().strip()

    def _take_preset(self) -> None:
        url = self.preset.currentData()
        if url and url != self._url():
            self.base_url.setText(url)
            self._tell_server()

    def _find_preset(self) -> None:
        self.preset.setCurrentIndex(max(0, self.preset.findData(self._url())) if self._url() else 0)

    def _tell_server(self) -> None:
        self.server_changed.emit(self._url())

    def _test_or_stop(self) -> None:
        if self._testing:
            self.stop_requested.emit()
            return
        try:
            endpoint = self.endpoint()
        except UserError as error:
            self.show_problem(str(error))
            return
        self._testing = True
        self.test.setText(self.tr("S&top the test"))
        self.save.setEnabled(False)
        self._tell(self.tr("◌ Asking {0}…").format(endpoint.base_url), "accent")
        self.test_requested.emit(endpoint, self.key.text())

    def _end_test(self) -> None:
        self._testing = False
        self.test.setText(self.tr("&Test connection"))
        self.save.setEnabled(True)
        self._tell("", "")

    def _save(self) -> None:
        try:
            endpoint = self.endpoint()
            if not endpoint.model:
                raise UserError(self.tr("Name the model. Test the connection to see which ones the server names."))
        except UserError as error:
            self.show_problem(str(error))
            return
        self.save_requested.emit(endpoint, self.key.text())


def _price_field(parent: QObject) -> QLineEdit:
    field = QLineEdit()
    numbers = QDoubleValidator(0.0, 1_000_000.0, 6, parent)
    numbers.setLocale(QLocale.c())  # a price is copied from a list: with a point, in every language
    numbers.setNotation(QDoubleValidator.Notation.StandardNotation)
    field.setValidator(numbers)
    return field


def _number(least: int, most: int, suffix: str = "") -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, most)
    field.setSuffix(suffix)
    return field


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_M)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, 0 if isinstance(widget, QPushButton | QLabel) and number else 1)
    return row
