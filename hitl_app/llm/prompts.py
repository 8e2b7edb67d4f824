"""The prompts: files that are shipped, or the user's edited ones."""

import os
import re
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.model import Prompt

PLACE = re.compile(r"\{\{(\w+)\}\}")
_FIELDS = ("version", "system", "user")


class PromptFiles:
    """Implements `domain.ports.Prompts`: TOML files with `version`, `system` and `user`, one a prompt.

    The shipped file of a prompt says which places (`{{name}}`) it has; an edited one has just these.
    """

    def __init__(self, shipped: Path, edited: Path) -> None:
        """Read prompts.

        Args:
            shipped: Folder of the files `NAME.toml` that come with the product.
            edited: Folder of the user's own ones; made when the first is kept.
        """
        self._shipped = shipped
        self._edited = edited

    def get(self, name: str) -> Prompt:
        """The user's own prompt where there is one, else the one that is shipped.

        Raises:
            NotFoundError: No such prompt is shipped.
            UserError: The user's own file cannot be used; names it and says why.
        """
        shipped, own = self._from_shipped(name), self._own(name)
        if not own.is_file():
            return shipped
        try:
            return _checked(_parse(name, _read(own), edited=True), shipped)
        except UserError as error:
            raise UserError(
                f"{own}: {error}; mend it, or delete it to go back to the prompt that is shipped"
            ) from error

    def all(self) -> tuple[Prompt, ...]:
        """All prompts, by name; where the user's own file cannot be used, the shipped one with the problem."""
        return tuple(self._listed(path.stem) for path in sorted(self._shipped.glob("*.toml")))

    def _listed(self, name: str) -> Prompt:
        try:
            return self.get(name)
        except UserError as error:
            return replace(self._from_shipped(name), edited=True, problem=str(error))

    def edit(self, name: str, text: str | None) -> Prompt:
        """Keep the user's own text of a prompt; None goes back to the one that is shipped.

        Raises:
            NotFoundError: No such prompt is shipped.
            UserError: It is no TOML, or a place is missing or unknown; says which. Nothing was changed.
        """
        shipped, own = self._from_shipped(name), self._own(name)
        try:
            if text is None:
                own.unlink(missing_ok=True)
                return shipped
            try:
                prompt = _checked(_parse(name, text, edited=True), shipped)
            except UserError as error:
                raise UserError(f"prompt {name}: {error}; nothing was changed") from error
            _write(own, text)
        except OSError as error:
            raise UserError(f"{own} cannot be written: {error.strerror}; nothing was changed") from error
        return prompt

    def text(self, name: str) -> str:
        """The prompt as its file has it, also where that cannot be used. Raises NotFoundError."""
        self._from_shipped(name)
        own = self._own(name)
        if not own.is_file():
            return _read(self._shipped / f"{name}.toml")
        return own.read_bytes().decode("utf-8", "replace")

    def _own(self, name: str) -> Path:
        return self._edited / f"{name}.toml"

    def _from_shipped(self, name: str) -> Prompt:
        names = [path.stem for path in self._shipped.glob("*.toml")]
        if name not in names:
            raise NotFoundError(f"there is no prompt {name!r}; there are {', '.join(sorted(names)) or 'none'}")
        return _parse(name, _read(self._shipped / f"{name}.toml"), edited=False)


def places(prompt: Prompt) -> frozenset[str]:
    """Names of the places in a prompt."""
    return frozenset(PLACE.findall(prompt.system) + PLACE.findall(prompt.user))


def _parse(name: str, text: str, *, edited: bool) -> Prompt:
    try:
        text.encode("utf-8")
        fields = tomllib.loads(text)
    except UnicodeEncodeError as error:
        raise UserError(f"it holds half of a character at {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"it is not TOML: {error}") from error
    for field in _FIELDS:
        if not isinstance(fields.get(field), str):
            raise UserError(f"it has no {field} = '''...'''")
    unknown = sorted(fields.keys() - set(_FIELDS))
    if unknown:
        raise UserError(f"it has {unknown[0]}, which no prompt has; there are {', '.join(_FIELDS)}")
    return Prompt(name, fields["version"], fields["system"], fields["user"], edited)


def _checked(prompt: Prompt, shipped: Prompt) -> Prompt:
    known, found = places(shipped), places(prompt)
    for problem, names in (("misses the place", known - found), ("has the unknown place", found - known)):
        if names:
            wanted = ", ".join(f"{{{{{name}}}}}" for name in sorted(known)) or "none"
            raise UserError(f"it {problem} {{{{{min(names)}}}}}; its places are {wanted}")
    return prompt


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error


def _write(path: Path, text: str) -> None:
    """Put a file in its place whole, or not at all."""
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
        draft.unlink()
        raise
