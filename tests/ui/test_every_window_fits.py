"""Words are whole and translated, at twice the size and in every language, and every window fits a small screen."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from barriers import cut_faults, key_faults, keys_free, words_of
from every_window import BESIDE, COLLEAGUES, DESK, FIRST, Scene
from languages import LONGER, speaking, untranslated
from PySide6.QtWidgets import QApplication, QWidget
from walking import prepared, walk

from hitl_app.bootstrap import build
from hitl_app.ui.language import LANGUAGES
from hitl_app.ui.windows.export_options import PARTS

SCENES = {"desk": DESK, "beside": BESIDE}
SPOKEN = [pytest.param(each, marks=() if each == "en" else pytest.mark.slow) for each in LANGUAGES]
SERVERS = ("Ollama", "llama.cpp", "vLLM", "OpenAI", "http://localhost")
"""Names that are the same in every language."""

_WORD = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("scenes", SCENES.values(), ids=SCENES)
def test_nothing_is_cut_at_twice_the_size(
    qapp: QApplication, tmp_path: Path, scenes: Mapping[str, Scene], language: str
) -> None:
    with speaking(qapp, language):
        faults = walk(qapp, prepared(tmp_path), scenes, (cut_faults, key_faults), zoom=200)
    assert not faults, faults


def test_nothing_is_cut_on_an_empty_desk(qapp: QApplication, tmp_path: Path) -> None:
    faults = walk(qapp, tmp_path, FIRST, (cut_faults,), zoom=200)
    assert not faults, faults


@pytest.mark.parametrize("scenes", SCENES.values(), ids=SCENES)
def test_every_word_is_translated_or_data_and_has_room_for_a_longer_one(
    qapp: QApplication, tmp_path: Path, scenes: Mapping[str, Scene]
) -> None:
    data = data_of(prepared(tmp_path)).casefold()

    def hard_coded(window: QWidget) -> Iterator[str]:
        for text, where in words_of(window):
            left = [word for word in _WORD.findall(untranslated(keys_free(text))) if word.casefold() not in data]
            if left:
                yield f"{where}: says {left} in English"

    with speaking(qapp, LONGER):
        faults = walk(qapp, tmp_path, scenes, (hard_coded, cut_faults))
    assert not faults, faults


def data_of(folder: Path) -> str:
    """What stands in windows and is nobody's to translate: recordings, files, names, and what other parts report."""

    async def read() -> list[object]:
        application = build(folder)
        try:
            workspace = application.workspace
            return [
                *[await workspace.library.open(root) for root in await workspace.library.root_ids()],
                await workspace.guidelines.read("en"),
                await workspace.library.formats(),
                await workspace.refinement.environment_statuses(),
                await workspace.models.prompt_files(),
                workspace.exporting.formats,
                (await workspace.exporting.preview(workspace.exporting.formats[0], 1)).summary,
            ]
        finally:
            application.close()

    names = [*asyncio.run(read()), COLLEAGUES, LANGUAGES, SERVERS, PARTS, "train dev test", __file__]
    return "\n".join(map(repr, names))
