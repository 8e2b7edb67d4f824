"""Pictures: painted at any size and in any theme, read by keys and in words, and kept as files."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from builders import BASE, BEFORE, revisions
from desk import Desk, play
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from hitl_app.domain.heat import HeatCell, HeatRow, HeatStrip, heat_strip
from hitl_app.domain.trajectory import PlanStep, Trajectory, action
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.pictures.alignment import AlignmentPicture
from hitl_app.ui.pictures.chart_parts import Series, round_step
from hitl_app.ui.pictures.charts import Bar, BarsChart, ColumnsChart, CurveChart, Line
from hitl_app.ui.pictures.drawing import Drawing, Pattern
from hitl_app.ui.pictures.export import FileKind, export_font, file_bytes
from hitl_app.ui.pictures.heat import HeatPicture
from hitl_app.ui.pictures.loss import LossPicture
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.pictures.picture import Page, Picture
from hitl_app.ui.pictures.view import PictureView
from hitl_app.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme

HOSTILE = "<b>&\x00\u2028</b> ]]> \N{FIRST PLACE MEDAL}"
TWO = (Series("before", "muted", Pattern.RISING), Series("after"))
MANY = 400


def linked(count: int) -> Trajectory:
    """A plan of which one step has no action, and actions of which the last is unplanned."""
    plan = (PlanStep(HOSTILE), PlanStep("never done"))
    steps = [action(f"tool_{n}", {}, plan_step=0 if n < count - 1 else None) for n in range(count)]
    object.__setattr__(steps[0], "link_confidence", 0.4)
    return Trajectory("task", tuple(steps), plan)


def strip(rows: int, columns: int) -> HeatStrip:
    cells = tuple(
        HeatCell(n, gradients=n % 5, failed=n % 7 == 0, cause=n == 3, got_right=n % 5 == 0) for n in range(columns)
    )
    return HeatStrip(("search",) * columns, tuple(HeatRow(n, f"id{n}", cells, n != 1) for n in range(rows)))


def bars(count: int) -> BarsChart:
    made = tuple(Bar(f"{HOSTILE} {n}", (n + 1.0, None), (str(n), "not measured"), (0.5, n + 2.0)) for n in range(count))
    return BarsChart("Losses", "Means.", "Component", TWO, made)


def pictures(size: int) -> list[Picture]:
    labels = tuple(f"2026-01-{n}" for n in range(size))
    values = tuple(n % 9 for n in range(size))
    return [
        LossPicture(revisions() * size, BASE.id),
        HeatPicture(strip(size, size * 4)),
        AlignmentPicture(linked(size + 1), BEFORE.execution.steps),
        bars(size),
        ColumnsChart("Days", "", "Day", labels, TWO, (values, values), (Line(size / 2, "median"),)),
        CurveChart("Progress", "", "Day", "settled", labels, values, goal=20),
    ]


def painted(picture: Picture, size: QSize, theme: Theme, *, mirrored: bool = False) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.window))
    area, font, painter = QRectF(0, 0, size.width(), size.height()), export_font(), QPainter(image)
    picture.paint(Drawing(painter, theme, area, font, mirrored=mirrored), Page(area, font, mirrored))
    painter.end()
    return image


@pytest.mark.parametrize("number", range(6))
def test_a_picture_is_painted_tiny_and_large_in_every_theme_and_direction(qapp: QApplication, number: int) -> None:
    for picture in (pictures(1)[number], pictures(20)[number]):
        for theme, mirrored in ((LIGHT, False), (DARK, True), (HIGH_CONTRAST, False)):
            image = painted(picture, QSize(500, 300), theme, mirrored=mirrored)
            assert image != painted(LossPicture(()), QSize(500, 300), theme), "it is not empty"
            painted(picture, QSize(9, 7), theme, mirrored=mirrored)
        assert picture.title
        assert picture.description.startswith(picture.about)
        table = picture.table
        assert all(len(row) == len(table.header) for row in table.rows)
        font = export_font()
        wanted = picture.size(font)
        page = Page(QRectF(0, 0, wanted.width(), wanted.height()), font)
        turned = Page(page.area, font, mirrored=True)
        for mark, other in zip(picture.marks(page), picture.marks(turned), strict=True):
            assert page.area.adjusted(-1, -1, 1, 1).contains(mark.place)
            assert mark.place.left() == pytest.approx(page.area.right() - other.place.right())


def test_blame_is_told_without_colour(qapp: QApplication) -> None:
    def grey(cell: HeatCell) -> QImage:
        picture = HeatPicture(HeatStrip(("search",), (HeatRow(0, "id", (cell,), inspected=True),)))
        return painted(picture, QSize(200, 60), LIGHT).convertToFormat(QImage.Format.Format_Grayscale8)

    cells = (
        HeatCell(0),
        HeatCell(0, gradients=1),
        HeatCell(0, gradients=2),
        HeatCell(0, gradients=1, cause=True),
        HeatCell(0, gradients=1, failed=True),
        HeatCell(0, got_right=True),
    )
    shown = [bytes(grey(cell).constBits()) for cell in cells]
    assert len(set(shown)) == len(cells)


@pytest.mark.parametrize("number", range(6))
def test_files_are_whole_and_hold_what_the_data_says_as_text(qapp: QApplication, number: int) -> None:
    picture = pictures(3)[number]
    root = ElementTree.fromstring(file_bytes(picture, FileKind.SVG).decode())  # noqa: S314 -- made here
    texts = "".join(root.itertext())
    assert picture.title in texts
    assert "\x00" not in texts
    image = QImage.fromData(file_bytes(picture, FileKind.PNG, mirrored=True, theme=DARK))
    assert image.width() >= 2 * picture.size(export_font()).width()
    assert image.pixelColor(0, 0) == QColor(DARK.window)


def test_hundreds_of_points_have_marks_and_stay_apart_from_each_other(qapp: QApplication) -> None:
    wide = HeatPicture(strip(4, MANY))
    size = wide.size(export_font())
    marks = wide.marks(Page(QRectF(0, 0, size.width(), size.height()), export_font()))
    assert size.width() >= 5 * MANY
    assert len(marks) > MANY
    assert not any(one.place.intersects(two.place.adjusted(0.1, 0.1, 0, 0)) for one, two in pairwise(marks))


def test_keys_walk_through_a_picture_and_say_where_they_are(qtbot: QtBot) -> None:
    made = revisions()
    view = PictureView()
    qtbot.addWidget(view)
    view.show_picture(HeatPicture(heat_strip(made), {r.trajectory.id: f"revision {r.number}" for r in made}))
    view.show()
    view.setFocus()
    assert view.accessibleName() == "Blame by step over revisions"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert "revision 0: step 9, book_reservation: gradients 1" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert "revision 2: step 9, book_reservation: blamed before, right now" in view.accessibleDescription()
    with qtbot.waitSignal(view.picked) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [made[2].trajectory.id]
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.current == view.marks[0]
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert view.current == view.marks[0]


def test_values_are_copied_and_shown_as_a_table(qtbot: QtBot) -> None:
    panel = PicturePanel()
    qtbot.addWidget(panel)
    panel.show_picture(LossPicture(revisions()))
    panel.view.copy_values()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[1].split("\t")[:3] == ["0", "recorded", "1"]
    panel.values.click()
    assert not panel.table.isHidden()
    assert panel.table.model().data(panel.table.model().index(1, 1)) == "refused"
    menu = [each.text() for each in panel.view.make_menu().actions() if each.text()]
    assert menu == ["Save as &PNG…", "Save as &SVG…", "&Copy values", "Save in the colours of the &window"]


def test_the_numbers_of_a_scale_are_round() -> None:
    assert [round_step(high) for high in (1, 4, 7, 23, 130, 720)] == [1, 1, 2, 10, 50, 200]


def test_the_window_follows_the_desk_and_saves_its_pictures(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def story(desk: Desk) -> None:
        parent = QWidget()
        pictures = PictureDesk(desk.workspace, desk.session, lambda _, error: desk.failures.append(error), parent)
        await desk.open_repairable()
        pictures.show()
        await pictures.idle()
        window = pictures.window
        assert window is not None
        first = window.windowTitle()
        assert window.heat.view.picture is not None
        await desk.open()
        await pictures.idle()
        assert window.windowTitle() != first
        target = tmp_path_factory.mktemp("files") / "loss.svg"
        window.loss.view.save(FileKind.SVG)
        dialog = next(each for each in window.findChildren(QFileDialog))
        dialog.fileSelected.emit(str(target))
        dialog.close()
        await pictures.idle()
        assert target.read_text().startswith("<?xml")
        assert window.note.text() == f"Saved {target}"
        await pictures.close()
        window.deleteLater()

    play(qapp, tmp_path_factory.mktemp("desk"), story)
