"""Words are whole at every zoom and in every language, and every window fits into a small screen."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from barriers import cut_faults, key_faults
from every_window import BESIDE, DESK, FIRST, Scene
from languages import SPOKEN, speaking
from PySide6.QtWidgets import QApplication
from walking import prepared, walk

SCENES = {"desk": DESK, "beside": BESIDE}

ZOOMS = (100, 200)
ALWAYS = {(200, "en"), (200, "zh_CN")}
"""What `make test` looks at: the largest letters, in the shipped languages. `make test-window` does the rest."""

LOOKS = [
    pytest.param(zoom, language, marks=() if (zoom, language) in ALWAYS else pytest.mark.slow)
    for zoom in ZOOMS
    for language in SPOKEN
]


@pytest.mark.parametrize(("zoom", "language"), LOOKS)
@pytest.mark.parametrize("scenes", SCENES.values(), ids=SCENES)
def test_nothing_is_cut(
    qapp: QApplication, tmp_path: Path, scenes: Mapping[str, Scene], language: str, zoom: int
) -> None:
    with speaking(qapp, language):
        faults = walk(qapp, prepared(tmp_path), scenes, (cut_faults, key_faults), zoom=zoom)
    assert not faults, faults


def test_nothing_is_cut_on_an_empty_desk(qapp: QApplication, tmp_path: Path) -> None:
    faults = walk(qapp, tmp_path, FIRST, (cut_faults,), zoom=200)
    assert not faults, faults
