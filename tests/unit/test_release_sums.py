"""What is written beside released files, and how two builds are compared."""

import subprocess
import zipfile
from pathlib import Path

import compare
import sums


def test_check_sums_are_those_of_all_released_files_and_tell_of_a_change(tmp_path: Path) -> None:
    for name in ("b.deb", "a.whl"):
        (tmp_path / name).write_text(name)
    (tmp_path / "hitl-app").mkdir()
    sums.write(tmp_path)
    written = sums.write(tmp_path).read_text()
    assert [line.split("  ")[1] for line in written.splitlines()] == ["a.whl", "b.deb"]
    check = ("sha256sum", "--check", "--quiet", sums.NAME)
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "b.deb").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_two_builds_are_compared_file_by_file_and_within_archives(tmp_path: Path) -> None:
    for build, word in (("one", "old"), ("two", "new")):
        folder = tmp_path / build
        folder.mkdir()
        (folder / "same.txt").write_text("same")
        with zipfile.ZipFile(folder / "library.zip", "w") as archive:
            archive.writestr("kept.py", "kept")
            archive.writestr("module.py", word)
    (tmp_path / "two" / "more.txt").write_text("more")
    one, two = tmp_path / "one", tmp_path / "two"
    assert compare.differences(one, one) == []
    assert compare.differences(one, two) == [f"only in {two}: more.txt", "library.zip: members differ: module.py"]
    assert compare.differences(one / "library.zip", two / "library.zip") != []
