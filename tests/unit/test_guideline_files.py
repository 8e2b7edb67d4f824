"""Guidelines, rubric and reasons can be edited, and a file that cannot be used does no harm."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import MOST_ITEMS, GuidelineKind, ItemKind, Occasion
from hitl_app.system.guidelines import FolderGuidelines, _quoted, _reasons
from hitl_app.system.paths import resource

SHIPPED = resource("guidelines")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    return folder


@pytest.fixture
def files(own: Path) -> FolderGuidelines:
    return FolderGuidelines(SHIPPED, own)


def test_what_is_shipped_says_the_same_in_both_languages(files: FolderGuidelines) -> None:
    english, chinese = files.read("en"), files.read("zh_CN")
    assert not english.problems + chinese.problems
    assert english.rubric.version == chinese.rubric.version
    shapes = [[(i.id, i.kind, i.low, i.high) for i in each.rubric.items] for each in (english, chinese)]
    assert shapes[0] == shapes[1]
    counts = [{occasion: len(reasons) for occasion, reasons in each.reasons.items()} for each in (english, chinese)]
    assert counts[0] == counts[1]
    assert all(counts[0].values())
    headings = [each.markdown.count("\n## ") for each in (english, chinese)]
    assert headings[0] == headings[1] > 3
    assert files.read("de_DE").markdown == files.read("../../x").markdown == english.markdown


def test_the_users_own_files_win_and_those_in_the_language_go_first(files: FolderGuidelines, own: Path) -> None:
    (own / "guidelines.md").write_text("# Ours\n", "utf-8")
    assert files.read("en").markdown == files.read("zh_CN").markdown == "# Ours\n"
    (own / "guidelines.zh_CN.md").write_text("# 我们的\n", "utf-8")
    assert files.read("zh_CN").markdown == "# 我们的\n"
    assert files.read("en").markdown == "# Ours\n"
    assert files.read("en").files[GuidelineKind.TEXT].own


ITEM = '[[items]]\nid = "a{0}"\nquestion = "Really?"\n'
BROKEN = {
    "no toml": ('version = "1"\n[[items]\n', 2, "not TOML"),
    "no question": ('version = "1"\n\n[[items]]\nid = "a"\n', 3, "no question"),
    "too many": ('version = "1"\n' + "".join(ITEM.format(n) for n in range(MOST_ITEMS + 1)), 29, "more than 9"),
    "twice": ('version = "1"\n' + 2 * ITEM.format(1), 5, "two items a1"),
    "another kind": ('version = "1"\n[[items]]\nid = "a"\nquestion = "?"\nkind = "stars"\n', 2, "yes_no or scale"),
    "no digits": ('version = "1"\n[[items]]\nid = "a"\nquestion = "?"\nkind = "scale"\nhigh = 10\n', 2, "digits"),
    "misspelt": ('version = "1"\n[[items]]\nid = "a"\nquestion = "?"\nkind_ = "scale"\n', 2, "kind_ is not known"),
    "not UTF-8": (b'version = "1"\n# \xff\n', 2, "not UTF-8"),
}


@pytest.mark.parametrize(("content", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_its_line_and_the_shipped_one_stands_in(
    files: FolderGuidelines, own: Path, content: str | bytes, line: int, words: str
) -> None:
    path = own / "rubric.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = files.read("en")
    (problem,) = found.problems
    assert problem.startswith(f"{path}, line {line}: ")
    assert words in problem
    assert "mend it, or delete it" in problem
    assert found.rubric.items
    assert not found.files[GuidelineKind.RUBRIC].own
    assert path in found.watched


def test_copies_to_edit_are_made_once(files: FolderGuidelines, own: Path) -> None:
    made = files.make_own(tuple(GuidelineKind), "en")
    assert [file.path.name for file in made] == ["guidelines.md", "rubric.toml", "reasons.toml"]
    (own / "rubric.toml").write_text('version = "2"\n', "utf-8")
    files.make_own(tuple(GuidelineKind), "en")
    assert files.read("en").rubric.version == "2"
    assert not files.read("en").rubric.items


def test_a_reason_is_added_once_and_what_stood_in_the_file_stays(files: FolderGuidelines, own: Path) -> None:
    shipped = files.read("en").reasons
    files.add_reason(Occasion.REJECT, "the user hung up", "en")
    files.add_reason(Occasion.FLAG, "ask Kim", "en")
    files.add_reason(Occasion.REJECT, "the user hung up", "en")
    found = files.read("en").reasons
    assert found[Occasion.REJECT] == (*shipped[Occasion.REJECT], "the user hung up")
    assert found[Occasion.FLAG] == (*shipped[Occasion.FLAG], "ask Kim")
    assert (own / "reasons.toml").read_text("utf-8").startswith((SHIPPED / "reasons.toml").read_text("utf-8").rstrip())


def test_a_reason_is_not_added_to_a_list_that_cannot_be_read(files: FolderGuidelines, own: Path) -> None:
    (own / "reasons.toml").write_text("[[reject\n", "utf-8")
    with pytest.raises(UserError, match="line 1: it is not TOML"):
        files.add_reason(Occasion.REJECT, "the user hung up", "en")
    assert (own / "reasons.toml").read_text("utf-8") == "[[reject\n"


@given(st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: " ".join(text.split())).filter(bool))
def test_any_words_can_be_kept_as_a_reason(words: str) -> None:
    assert _reasons(f"[[flag]]\ntext = {_quoted(words)}\n")[Occasion.FLAG] == (words,)


def test_a_scale_takes_only_its_values(files: FolderGuidelines) -> None:
    scale = next(item for item in files.read("en").rubric.items if item.kind is ItemKind.SCALE)
    assert [value for value in range(-1, 11) if scale.takes(value)] == list(range(scale.low, scale.high + 1))
