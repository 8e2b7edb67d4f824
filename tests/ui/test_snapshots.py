"""The desk looks as it did, in every look; and what people would notice is noticed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from desk import prepared_store
from every_window import with_proposal
from on_stage import fonts, missing_fonts, perform, settled, staged
from picture_compare import check, compare, small
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from snapshot_scenes import NAMES, REFERENCES, take

from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.theme import LIGHT, apply_theme


@pytest.fixture(scope="module")
def written(qapp: QApplication) -> Iterator[QApplication]:
    if missing := missing_fonts():
        pytest.skip(f"fonts are not installed: {', '.join(missing)}; packaging/system-packages.sh installs them")
    with fonts(qapp):
        yield qapp


@pytest.fixture(scope="module")
def taken(written: QApplication, tmp_path_factory: pytest.TempPathFactory) -> dict[str, QImage]:
    return take(written, tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize("name", NAMES)
def test_the_desk_looks_as_it_did(taken: dict[str, QImage], name: str, tmp_path: Path) -> None:
    fault = check(name, taken[name], REFERENCES, tmp_path)
    assert not fault, fault


# -- what the comparison notices ---------------------------------------------------------------------------------------


Undo = Callable[[], object]


def hide_losses(window: MainWindow) -> Undo:
    window.losses.hide()
    return window.losses.show


def hide_rubric(window: MainWindow) -> Undo:
    window.review_desk.rubric.hide()
    return window.review_desk.rubric.show


def put_a_pane_over_another(window: MainWindow) -> Undo:
    where = window.losses.pos()
    window.losses.raise_()
    window.losses.move(where.x(), where.y() + 120)
    return lambda: window.losses.move(where)


PANES = (hide_losses, hide_rubric, put_a_pane_over_another)
NO_COLOURS = dict.fromkeys(
    ("danger_soft", "warning_soft", "success_soft", "accent_soft", "diff_added", "diff_removed"), LIGHT.window
)
THEMES = {
    "no colours": replace(LIGHT, **NO_COLOURS),
    "no text": replace(LIGHT, text=LIGHT.window, muted=LIGHT.window),
}


@pytest.mark.slow
def test_what_people_would_notice_is_noticed(written: QApplication, tmp_path: Path) -> None:
    copytree(prepared_store().name, tmp_path, dirs_exist_ok=True)
    missed: list[str] = []

    async def story() -> None:
        async with staged(written, tmp_path) as stage:
            await with_proposal(stage)
            for mutate in PANES:
                before = small(await settled(stage.window))
                undo = mutate(stage.window)
                if compare(before, small(await settled(stage.window))).alike:
                    missed.append(mutate.__name__)
                undo()
            before = small(await settled(stage.window))
            for name, theme in THEMES.items():
                apply_theme(written, theme)
                if compare(before, small(await settled(stage.window))).alike:
                    missed.append(name)

    perform(written, story)
    assert not missed


def test_another_theme_or_state_is_noticed(taken: dict[str, QImage]) -> None:
    first, *others = (small(taken[name]) for name in NAMES)
    assert not any(compare(first, other).alike for other in others)


def test_a_picture_that_differs_is_kept_with_what_differs(taken: dict[str, QImage], tmp_path: Path) -> None:
    fault = check("proposal-light", taken["proposal-dark"], REFERENCES, tmp_path / "failed")
    assert "make snapshots" in fault
    for name in ("proposal-light.png", "proposal-light-difference.png"):
        assert str(tmp_path / "failed" / name) in fault
        assert not QImage(str(tmp_path / "failed" / name)).isNull()


def test_a_picture_without_a_reference_says_how_to_make_one(taken: dict[str, QImage], tmp_path: Path) -> None:
    assert "make snapshots" in check("new", taken["proposal-light"], tmp_path, tmp_path)
