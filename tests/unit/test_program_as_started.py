"""What other programs can rely on that the packaged application starts."""

import sys

import pytest

from hitl_app.system.program import free_children, use_utf8

STARTED = {
    "HOME": "/home/ana",
    "LD_LIBRARY_PATH": "/opt/hitl-app/_internal:/opt/more",
    "LD_LIBRARY_PATH_ORIG": "/opt/more",
    "_PYI_ARCHIVE_FILE": "/opt/hitl-app/hitl-app",
    "_PYI_PARENT_PROCESS_LEVEL": "1",
    "QT_PLUGIN_PATH": "/opt/hitl-app/_internal/PySide6/Qt/plugins",
    "QT_SCALE_FACTOR": "2",
}


def test_they_find_their_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    variables = dict(STARTED)
    free_children(variables)
    assert variables == {"HOME": "/home/ana", "LD_LIBRARY_PATH": "/opt/more", "QT_SCALE_FACTOR": "2"}
    variables = {"LD_LIBRARY_PATH": "/opt/hitl-app/_internal"}
    free_children(variables)
    assert variables == {}


def test_from_its_source_the_program_changes_nothing() -> None:
    variables = dict(STARTED)
    free_children(variables)
    assert variables == STARTED


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no variable says the encoding")
@pytest.mark.parametrize(
    ("chosen", "then"),
    [
        ({}, {"LC_CTYPE": "C.UTF-8"}),
        ({"LC_ALL": "", "LANG": "C"}, {"LC_ALL": "", "LANG": "C.UTF-8"}),
        ({"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}),
        ({"LANG": "zh_CN.UTF-8"}, {"LANG": "zh_CN.UTF-8"}),
    ],
)
def test_where_the_system_names_no_encoding_it_is_utf_8(chosen: dict[str, str], then: dict[str, str]) -> None:
    use_utf8(chosen)
    assert chosen == then
