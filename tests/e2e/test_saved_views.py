"""Saved views, as the commands keep, find and refuse them."""

from pathlib import Path

import pytest
from in_process import answer, call


def names(folder: Path) -> list[object]:
    return [view["name"] for view in call(folder, "views", "list", "--annotator", "ann") if not view["built_in"]]


def test_a_view_is_kept_found_by_its_name_renamed_and_deleted(tmp_path: Path) -> None:
    call(tmp_path, "samples", "--count", "2")
    call(tmp_path, "views", "save", "Long ones", "--query", "steps>1", "--order", "worst_first")
    call(tmp_path, "views", "save", "a first one", "--query", "steps>1000")
    assert names(tmp_path) == ["a first one", "Long ones"]
    assert len(call(tmp_path, "list", "--view", "long ONES")) == 2
    assert call(tmp_path, "list", "--view", "Long ones", "--query=-env:travel") == []
    call(tmp_path, "views", "save", "LONG ones", "--query", "steps>1000")
    assert call(tmp_path, "list", "--view", "Long ones") == []
    call(tmp_path, "views", "rename", "long ones", "Longest")
    call(tmp_path, "views", "delete", "a first one")
    assert names(tmp_path) == ["Longest"]


def test_built_in_views_are_those_of_the_annotator_who_asks(tmp_path: Path) -> None:
    views = {view["name"]: view["query"] for view in call(tmp_path, "views", "list", "--annotator", "ann b")}
    assert views["Mine"] == 'assigned:"ann b"'
    assert len(views) == 6
    code, _, message = answer(tmp_path, "list", "--view", "mine")
    assert (code, "name the annotator" in message) == (1, True)
    assert call(tmp_path, "list", "--view", "mine", "--annotator", "ann b") == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("save", "Mine", "--query", ""), "always there"),
        (("save", "x" * 61, "--query", ""), "at most 60 characters"),
        (("save", "x", "--query", "stats:pending"), 'did you mean "status"'),
        (("delete", "to do"), "cannot be renamed or deleted"),
        (("rename", "one", "TWO"), "there is another view"),
        (("save", "x"), "--query"),
        (("rename", "one"), "takes 2 names"),
        (("delete", "ones"), 'did you mean "one"'),
    ],
)
def test_what_cannot_be_a_view_is_refused_and_nothing_is_lost(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    for name in ("one", "two"):
        call(tmp_path, "views", "save", name, "--query", "steps>1")
    code, _, message = answer(tmp_path, "views", *arguments)
    assert (code, complaint in message) == (1, True), message
    assert names(tmp_path) == ["one", "two"]
