"""The fields that say where a model is served and how it is asked."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from hitl_app.domain.endpoints import server_url
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import PASTE, ModelEndpoint, Price, Secret
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.theme import SPACE_M

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


class EndpointForm(QWidget):
    """A `ModelEndpoint` and its key, field by field.

    Signals:
        server_changed: Base URL that was typed or chosen.
        forget_requested: Base URL of the server whose key is to be forgotten.
    """

    server_changed = Signal(str)
    forget_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = DEFAULTS
        self._shown: tuple[object, ...] = ()
        self._told = ""
        self._of_servers: list[QWidget] = []
        self._make_fields()
        self._make_key()
        self._name_fields()
        self._lay_out()
        self.show_endpoint(None)

    # -- what it is made of ----------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.preset = QComboBox()
        self.preset.addItem(self.tr("Other"), "")
        for name, url in PRESETS:
            self.preset.addItem(name, url)
        self.preset.insertSeparator(self.preset.count())
        self.preset.addItem(self.tr("Answers that I paste"), PASTE)
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

    def _make_key(self) -> None:
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key_place = paragraph(tone="muted")
        self.forget = QPushButton(self.tr("Forget"))
        self.forget.setAutoDefault(False)
        self.forget.clicked.connect(lambda: self.forget_requested.emit(self.url))

    def _name_fields(self) -> None:
        named: tuple[tuple[QWidget, str], ...] = (
            (self.preset, self.tr("Server")),
            (self.base_url, self.tr("Base URL")),
            (self.model, self.tr("Model")),
            (self.key, self.tr("Key")),
            (self.forget, self.tr("Forget the key")),
            (self.price_in, self.tr("Price of a million tokens in, in US dollars")),
            (self.price_out, self.tr("Price of a million tokens out, in US dollars")),
            (self.timeout, self.tr("Seconds without an answer before an attempt is given up")),
            (self.retries, self.tr("Attempts after the first one")),
            (self.concurrency, self.tr("Calls at the same time")),
        )
        for field, name in named:
            field.setAccessibleName(name)

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_M)
        self._grid.setColumnStretch(1, 1)
        words = self.tr(
            "No server is asked: each question is shown to you, you put it to any chat that you have, and paste the "
            "answer. The model's name is what you call it."
        )
        self._by_hand = paragraph(words, tone="muted")
        self._add(self.tr("Ser&ver"), self.preset, below=self._by_hand)
        self._of_servers += self._add(self.tr("&Base URL"), self.base_url)
        self._add(self.tr("&Model"), self.model)
        self._of_servers += self._add(self.tr("&Key"), self.key, self.forget, below=self.key_place)
        words = self.tr(
            "US dollars per million tokens, as your provider lists them; 0 where nothing is charged. "
            "Without them no price is known: money is not counted, and cannot be a ceiling."
        )
        self._add(self.tr("&Price in, out"), self.price_in, self.price_out, below=paragraph(words, tone="muted"))
        self._of_servers += self._add(self.tr("T&imeout"), self.timeout)
        self._of_servers += self._add(self.tr("&Retries"), self.retries)
        self._of_servers += self._add(self.tr("&At a time"), self.concurrency)

    def _add(self, name: str, field: QWidget, *beside: QWidget, below: QWidget | None = None) -> list[QWidget]:
        """A row: the name, whose mnemonic leads to the first field, and what is to be said of it below.

        Returns:
            All of its widgets.
        """
        caption = QLabel(name)
        caption.setBuddy(field)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(field, 1)
        for widget in beside:
            row.addWidget(widget, 0 if isinstance(widget, QPushButton) else 1)
        number = self._grid.rowCount()
        self._grid.addWidget(caption, number, 0)
        self._grid.addLayout(row, number, 1)
        if below is not None:
            self._grid.addWidget(below, number + 1, 1)
        return [caption, field, *beside, *([below] if below else [])]

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_endpoint(self, endpoint: ModelEndpoint | None) -> None:
        """Show what is in the settings; None where nothing was saved yet."""
        self._saved = shown = endpoint or DEFAULTS
        self.base_url.setText(shown.base_url)
        self.model.setEditText(shown.model)
        self.price_in.setText("" if shown.price is None else f"{shown.price.input:g}")
        self.price_out.setText("" if shown.price is None else f"{shown.price.output:g}")
        self.timeout.setValue(round(shown.timeout))
        self.retries.setValue(shown.retries)
        self.concurrency.setValue(shown.concurrency)
        self._find_preset()
        self._shown = self._texts
        self._told = self.url

    def show_key(self, secret: Secret | None) -> None:
        """Say where the key is kept. The key itself is never shown, not even its length."""
        self.key.clear()
        source = secret.source if secret else ""
        words = {
            "environment": self.tr("The environment variable HITL_APP_API_KEY holds the key, before any other."),
            "keyring": self.tr("The key is kept in this system's keyring."),
            "memory": self.tr("There is no keyring here: the key is kept until the desk is closed, and nowhere else."),
        }
        none = self.tr("There is no key for this server. Servers on your own machine seldom want one.")
        self.key_place.setText(words.get(source, none))
        self.key.setAccessibleDescription(self.key_place.text())
        self.key.setPlaceholderText(self.tr("known; type another one to replace it") if secret else self.tr("none"))
        self.forget.setEnabled(source in ("keyring", "memory"))

    def offer_models(self, names: Sequence[str]) -> None:
        """Offer the models that the server names; what was typed stays."""
        typed = self.model.currentText()
        self.model.clear()
        self.model.addItems(list(names))
        self.model.setEditText(typed or (names[0] if len(names) == 1 else ""))

    # -- what it says ----------------------------------------------------------------------------------------------

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

    @property
    def unsaved(self) -> bool:
        """Whether anything was typed since the settings were shown."""
        return bool(self.key.text()) or self._texts != self._shown

    @property
    def url(self) -> str:
        """The base URL as it would be kept, or what was typed where that is none."""
        try:
            return server_url(self.base_url.text())
        except UserError:
            return self.base_url.text().strip()

    @property
    def _texts(self) -> tuple[object, ...]:
        prices = self.price_in.text(), self.price_out.text()
        numbers = self.timeout.value(), self.retries.value(), self.concurrency.value()
        return self.base_url.text(), self.model.currentText(), *prices, *numbers

    def _price(self) -> Price | None:
        texts = self.price_in.text().strip(), self.price_out.text().strip()
        if not any(texts):
            return None
        try:
            return Price(float(texts[0]), float(texts[1]))
        except ValueError:
            raise UserError(self.tr("Give both prices, such as 0.15 and 0.60, or none.")) from None

    def _take_preset(self) -> None:
        url = self.preset.currentData()
        if url != self.url and (url or self.url == PASTE):
            self.base_url.setText(url)
            self._tell_server()

    def _tell_server(self) -> None:
        """Editing also finishes where nothing was typed, such as when the window closes."""
        if self.url != self._told:
            self._told = self.url
            self.server_changed.emit(self.url)

    def _find_preset(self) -> None:
        self.preset.setCurrentIndex(max(0, self.preset.findData(self.url)))
        by_hand = self.url == PASTE
        self._by_hand.setVisible(by_hand)
        for widget in self._of_servers:
            widget.setVisible(not by_hand)


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
