"""Guidelines, rubric and reasons as files: the ones that are shipped, or the user's own."""

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeGuard, TypeVar

from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import (
    MOST_ITEMS,
    GuidelineFile,
    GuidelineKind,
    Guidelines,
    ItemKind,
    Occasion,
    Rubric,
    RubricItem,
)

LARGEST = 1_000_000
"""Bytes of a file; more is no guideline that anybody reads beside the work."""

_ENDINGS = {GuidelineKind.TEXT: "md", GuidelineKind.RUBRIC: "toml", GuidelineKind.REASONS: "toml"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z]{2,4})?")
_ITEM_FIELDS = frozenset({"id", "question", "kind", "low", "high", "help"})
T = TypeVar("T")


class _UnusableError(Exception):
    """What is wrong with a file; line 0 where it is not about one."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


class FolderGuidelines:
    """Implements `domain.ports.GuidelineFiles`: three files, each with a variant a language such as `NAME.zh_CN.md`.

    A file of the user's goes before every shipped one, one in the language asked for before one without a language.
    """

    def __init__(self, shipped: Path, own: Path) -> None:
        """Read guidelines.

        Args:
            shipped: Folder of the files that come with the product.
            own: Folder of the user's own ones; made when the first is kept.
        """
        self._shipped = shipped
        self._own = own

    def read(self, language: str) -> Guidelines:
        """The user's own files where there are any that can be used, else the shipped ones."""
        problems: list[str] = []
        markdown, text = self._first_usable(GuidelineKind.TEXT, language, _as_text, problems)
        rubric, rubric_file = self._first_usable(GuidelineKind.RUBRIC, language, _rubric, problems)
        reasons, reasons_file = self._first_usable(GuidelineKind.REASONS, language, _reasons, problems)
        files = {
            GuidelineKind.TEXT: text,
            GuidelineKind.RUBRIC: rubric_file,
            GuidelineKind.REASONS: reasons_file,
        }
        folder = self._own if self._own.is_dir() else self._own.parent
        own = sorted(self._own.glob("*.*")) if self._own.is_dir() else []
        watched = (folder, *(path for path in own if path.is_file() and path.suffix in (".md", ".toml")))
        return Guidelines(markdown, rubric, reasons, files, tuple(problems), watched)

    def make_own(self, kinds: Iterable[GuidelineKind], language: str) -> tuple[GuidelineFile, ...]:
        """Copy what is shipped to the user's folder, where there is no own file yet; returns what is in use."""
        return tuple(self._owned(kind, language) for kind in kinds)

    def add_reason(self, occasion: Occasion, reason: str, language: str) -> None:
        """Put a reason at the end of the user's own list, which is made where there is none."""
        path = self._candidates(GuidelineKind.REASONS, language)[0].path
        try:
            text = _read(path)
            if reason in _reasons(text)[occasion]:
                return
            grown = f"{text.rstrip()}\n\n[[{occasion}]]\ntext = {_quoted(reason)}\n"
            _reasons(grown)
        except _UnusableError as error:
            raise UserError(f"{_where(path, error)}; the reason was not added") from error
        _write(self._own / path.name, grown)

    def _owned(self, kind: GuidelineKind, language: str) -> GuidelineFile:
        found = self._candidates(kind, language)[0]
        if found.own:
            return found
        try:
            text = _read(found.path)
        except _UnusableError as error:
            raise UserError(_where(found.path, error)) from error
        _write(self._own / found.path.name, text)
        return GuidelineFile(self._own / found.path.name, own=True)

    def _first_usable(
        self, kind: GuidelineKind, language: str, parse: Callable[[str], T], problems: list[str]
    ) -> tuple[T, GuidelineFile]:
        for file in self._candidates(kind, language):
            try:
                return parse(_read(file.path)), file
            except _UnusableError as error:
                problems.append(_where(file.path, error))
        raise UserError(problems[-1])

    def _candidates(self, kind: GuidelineKind, language: str) -> list[GuidelineFile]:
        """The files of one kind that are there, the one to use first; a shipped one always is."""
        name = f"{kind}.{_ENDINGS[kind]}"
        names = [name]
        if _LANGUAGE.fullmatch(language):
            names.insert(0, f"{kind}.{language}.{_ENDINGS[kind]}")
        places = [(folder / each, own) for folder, own in ((self._own, True), (self._shipped, False)) for each in names]
        return [GuidelineFile(path, own) for path, own in places if path.is_file()] or [
            GuidelineFile(self._shipped / name, own=False)
        ]


def _where(path: Path, error: _UnusableError) -> str:
    line = f", line {error.line}" if error.line else ""
    return f"{path}{line}: {error.problem}; mend it, or delete it to go back to the one that is shipped"


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _UnusableError(f"it cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise _UnusableError(f"it is larger than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _UnusableError("it is not UTF-8", content.count(b"\n", 0, error.start) + 1) from error


def _as_text(text: str) -> str:
    return text


# -- reading TOML ------------------------------------------------------------------------------------------------------


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
        line = int(found[1]) if found else text.count("\n") + 1
        raise _UnusableError(f"it is not TOML: {said[: found.start()] if found else said}", line) from error


def _tables(text: str, fields: Mapping[str, object], name: str) -> Iterator[tuple[dict[str, object], int]]:
    """The tables `[[name]]`, each with the line of its heading."""
    lines = [n for n, line in enumerate(text.split("\n"), 1) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
    tables = fields.get(name, [])
    if not isinstance(tables, list) or len(tables) != len(lines):
        raise _UnusableError(f"{name} has to be written as tables, each under a line [[{name}]]")
    yield from zip(tables, lines, strict=True)


def _words(table: Mapping[str, object], field: str, line: int) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _UnusableError(f'it has no {field} = "…" here', line)
    return " ".join(value.split())


def _refuse_unknown(found: Mapping[str, object], known: frozenset[str], line: int = 0) -> None:
    unknown = sorted(found.keys() - known)
    if unknown:
        raise _UnusableError(f"{unknown[0]} is not known; there are {', '.join(sorted(known))}", line)


def _rubric(text: str) -> Rubric:
    fields = _toml(text)
    _refuse_unknown(fields, frozenset({"version", "items"}))
    version = _words(fields, "version", 1)
    items: list[RubricItem] = []
    for table, line in _tables(text, fields, "items"):
        item = _item(table, line)
        if any(item.id == other.id for other in items):
            raise _UnusableError(f"there are two items {item.id}", line)
        if len(items) == MOST_ITEMS:
            raise _UnusableError(f"there are more than {MOST_ITEMS} items, and no more keys", line)
        items.append(item)
    return Rubric(version, tuple(items))


def _item(table: Mapping[str, object], line: int) -> RubricItem:
    _refuse_unknown(table, _ITEM_FIELDS, line)
    name = _words(table, "id", line)
    if not _NAME.fullmatch(name):
        raise _UnusableError(f"the id {name!r} may only have small letters, digits and underscores", line)
    question = _words(table, "question", line)
    described = _words(table, "help", line) if "help" in table else ""
    kind = table.get("kind", ItemKind.YES_NO)
    if kind == ItemKind.YES_NO:
        return RubricItem(name, question, help=described)
    if kind != ItemKind.SCALE:
        raise _UnusableError(f"the kind of {name} has to be {' or '.join(ItemKind)}", line)
    low, high = table.get("low", 1), table.get("high", 5)
    if not (_is_digit(low) and _is_digit(high) and low < high):
        raise _UnusableError(f"low and high of {name} have to be digits, low below high", line)
    return RubricItem(name, question, ItemKind.SCALE, low, high, described)


def _is_digit(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9


def _reasons(text: str) -> dict[Occasion, tuple[str, ...]]:
    fields = _toml(text)
    _refuse_unknown(fields, frozenset(Occasion))
    found: dict[Occasion, tuple[str, ...]] = {}
    for occasion in Occasion:
        reasons: list[str] = []
        for table, line in _tables(text, fields, occasion):
            _refuse_unknown(table, frozenset({"text"}), line)
            reasons.append(_words(table, "text", line))
        found[occasion] = tuple(dict.fromkeys(reasons))
    return found


# -- writing -----------------------------------------------------------------------------------------------------------


def _quoted(words: str) -> str:
    """A basic string of TOML."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _write(path: Path, text: str) -> None:
    """Put a file in its place whole, or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; nothing was changed") from error
