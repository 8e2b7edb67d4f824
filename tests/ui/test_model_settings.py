"""The model's settings and prompts in the window, against a server in a process of its own."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPlainTextEdit, QWidget
from serving import Served, serving
from test_shell_window import play, until

from hitl_app.domain.model import ModelEndpoint, Price
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.windows.models import ModelDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

KEY = "sk-a-key-that-is-never-shown"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving("desk_scripts:reply", Path(__file__).parent) as served:
        yield served


@pytest.fixture(autouse=True)
def no_model_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HITL_APP_BASE_URL", "HITL_APP_MODEL", "HITL_APP_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


async def opened(window: MainWindow) -> ModelDialog:
    """The settings, as soon as they are filled."""
    dialog = window.modelling.show_settings()
    await until(lambda: bool(dialog.connection.form.key_place.text()) and dialog.prompts.list.count() > 0)
    return dialog


def fill(dialog: ModelDialog, url: str, model: str) -> None:
    form = dialog.connection.form
    form.base_url.setText(url)
    form.model.setEditText(model)


def retype(editor: QPlainTextEdit, text: str) -> None:
    """Put another text into an editor as a person does, so that it can be undone."""
    editor.selectAll()
    editor.insertPlainText(text)


def test_a_connection_is_tested_and_saved_and_proposals_go_to_that_model(
    qapp: QApplication, tmp_path: Path, server: Served
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        dialog = await opened(window)
        page, form = dialog.connection, dialog.connection.form
        fill(dialog, server.base_url + "/", "repairs")
        form.price_in.setText("0.5")
        form.price_out.setText("2")
        form.key.setText(KEY)
        page.test.click()
        assert page.told.text().startswith("◌")
        await until(lambda: "✓ The connection works." in page.result.toPlainText())
        for line in ("✓ yes: streams its answers", "✓ yes: calls tools", "✓ yes: fits answers to a JSON schema"):
            assert line in page.result.toPlainText()
        assert "kept until the desk is closed" in form.key_place.text()
        assert [form.model.itemText(number) for number in range(form.model.count())] == ["scripted"]
        assert form.model.currentText() == "repairs"
        page.save.click()
        await until(lambda: page.told.text() == "Saved.")
        saved = await workspace.models.saved()
        assert saved == ModelEndpoint(server.base_url, "repairs", Price(0.5, 2.0))
        dialog.reject()
        assert not dialog.isVisible()
        shown = await opened(window)
        assert shown.connection.form.endpoint() == saved
        await until(lambda: "✓ The connection works." in page.result.toPlainText())
        shown.reject()

    play(qapp, tmp_path, story, samples=False)
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_key_is_nowhere_in_the_window_once_it_was_given(qapp: QApplication, tmp_path: Path, server: Served) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        dialog = await opened(window)
        form = dialog.connection.form
        fill(dialog, server.base_url, "repairs")
        form.key.setText(KEY)
        assert form.key.displayText() != KEY
        dialog.connection.save.click()
        await until(lambda: dialog.connection.told.text() == "Saved.")
        texts = [field.text() for field in dialog.findChildren(QLineEdit)]
        assert not any(KEY in text for text in texts)
        assert (await workspace.models.find_key(server.base_url)) is not None
        form.forget.click()
        await until(lambda: "no key for this server" in form.key_place.text())
        assert (await workspace.models.find_key(server.base_url)) is None
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_a_server_that_does_not_answer_keeps_nobody_waiting(qapp: QApplication, tmp_path: Path, server: Served) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        dialog = await opened(window)
        page = dialog.connection
        fill(dialog, server.base_url, "hangs")
        page.test.click()
        await asyncio.sleep(0.3)
        assert page.test.text() == "S&top the test"
        began = time.monotonic()
        page.test.click()
        await until(lambda: page.told.text() == "The test was stopped.")
        assert time.monotonic() - began < 1
        fill(dialog, "http://127.0.0.1:9/v1", "repairs")
        page.form.retries.setValue(0)
        page.test.click()
        await until(lambda: "✕ The connection does not work" in page.result.toPlainText())
        page.form.show_endpoint(None)
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_what_cannot_be_saved_is_said_in_words(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        dialog = await opened(window)
        for url, model, price, problem in (
            ("localhost:8000", "m", "", "is no base URL of a server"),
            ("http://ann:secret@localhost/v1", "m", "", "must not hold a name, a password"),
            ("http://localhost/v1?key=secret", "m", "", "or a query"),
            ("http://localhost:8000/v1", "", "", "Name the model"),
            ("http://localhost:8000/v1", "m", "0.5", "Give both prices"),
        ):
            fill(dialog, url, model)
            dialog.connection.form.price_in.setText(price)
            dialog.connection.save.click()
            assert problem in dialog.connection.told.text()
            assert await workspace.models.saved() is None
        dialog.connection.form.show_endpoint(None)
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_a_preset_fills_in_the_address_and_the_environment_is_said_to_go_before(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HITL_APP_MODEL", "of-the-environment")

    async def story(window: MainWindow, _: Workspace) -> None:
        dialog = await opened(window)
        form = dialog.connection.form
        form.preset.setCurrentText("Ollama")
        form.preset.activated.emit(form.preset.currentIndex())
        assert form.base_url.text() == "http://localhost:11434/v1"
        form.base_url.setText("http://elsewhere/v1")
        assert form.preset.currentText() == "Other"
        said = [label.text() for label in dialog.connection.findChildren(type(dialog.connection.told))]
        assert any("HITL_APP_MODEL is set: of-the-environment" in text for text in said)
        form.show_endpoint(None)
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_nothing_typed_is_lost_by_closing(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        dialog = await opened(window)
        dialog.connection.form.base_url.setText("http://localhost")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        (box,) = dialog.findChildren(QMessageBox)
        assert dialog.isVisible()
        assert "Not saved: the connection" in box.text()
        box.defaultButton().click()
        assert dialog.connection.form.base_url.text() == "http://localhost"
        await until(lambda: not dialog.findChildren(QMessageBox))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        (box,) = dialog.findChildren(QMessageBox)
        next(button for button in box.buttons() if button is not box.defaultButton()).click()
        assert not dialog.isVisible()
        assert window.modelling.show_settings() is dialog
        await until(lambda: not dialog.connection.form.base_url.text())
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_a_prompt_is_edited_refused_with_words_kept_and_reset(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        dialog = await opened(window)
        dialog.show_prompts()
        page = dialog.prompts
        page.list.setCurrentRow(next(n for n in range(page.list.count()) if page.list.item(n).text() == "evolve"))
        shipped = page.editor.toPlainText()
        assert page.version.whole_text == "evolve, version 1, as shipped"
        assert "{{gradients}}  the textual gradients" in page.places.text()
        retype(page.editor, shipped.replace("{{task}}", ""))
        assert page.list.currentItem().text() == "evolve · not saved"
        page.save.click()
        await until(lambda: "{{task}}" in page.told.text())
        assert "{{task}}" not in page.editor.toPlainText()
        page.list.setCurrentRow(0)
        page.list.setCurrentRow(page.list.row(page.list.findItems("evolve", Qt.MatchFlag.MatchStartsWith)[0]))
        assert "{{task}}" in page.told.text()
        page.reset.click()  # what was never saved can be dropped as well
        await until(lambda: page.editor.toPlainText() == shipped)
        retype(page.editor, shipped.replace("You repair", "You carefully repair"))
        page.save.click()
        await until(lambda: page.told.text() == "Saved.")
        assert page.list.currentItem().text() == "evolve · edited"
        assert any(prompt.edited for prompt, _ in await workspace.models.prompt_files())
        page.reset.click()
        await until(lambda: page.editor.toPlainText() == shipped)
        assert not any(prompt.edited for prompt, _ in await workspace.models.prompt_files())
        page.editor.undo()
        assert "You carefully repair" in page.editor.toPlainText()
        page.editor.redo()
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


def test_tab_goes_through_the_fields_in_the_order_in_which_they_stand(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        dialog = await opened(window)
        form, page = dialog.connection.form, dialog.connection
        dialog.activateWindow()
        form.preset.setFocus()
        await until(lambda: qapp.focusWidget() is form.preset)
        reached: list[QWidget | None] = []
        while qapp.focusWidget() is not page.save and len(reached) < 20:
            QTest.keyClick(qapp.focusWidget() or dialog, Qt.Key.Key_Tab)
            reached.append(qapp.focusWidget())
        fields = (form.base_url, form.model, form.key, form.price_in, form.price_out)
        assert reached == [*fields, form.timeout, form.retries, form.concurrency, page.result, page.test, page.save]
        assert all(field.accessibleName() for field in reached[:-2] if field is not None)
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)
