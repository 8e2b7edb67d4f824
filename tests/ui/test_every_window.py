"""Every window can be used without seeing it and without a mouse."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from barriers import focus_faults, key_faults, without_name
from every_window import BESIDE, DESK, FIRST, Scene
from PySide6.QtWidgets import QApplication
from walking import prepared, walk

CHECKS = (without_name, focus_faults, key_faults)
SCENES = {"desk": DESK, "beside": BESIDE}


@pytest.mark.parametrize("scenes", SCENES.values(), ids=SCENES)
def test_every_window_has_names_an_order_of_focus_and_keys_that_do_not_clash(
    qapp: QApplication, tmp_path: Path, scenes: Mapping[str, Scene]
) -> None:
    faults = walk(qapp, prepared(tmp_path), scenes, CHECKS)
    assert not faults, faults


def test_so_has_the_desk_before_there_is_anything_on_it(qapp: QApplication, tmp_path: Path) -> None:
    faults = walk(qapp, tmp_path, FIRST, CHECKS)
    assert not faults, faults
