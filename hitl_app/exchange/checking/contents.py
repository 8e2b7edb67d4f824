"""What an export says of itself: its manifest, and the header of its dataset card."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import parse_json
from hitl_app.exchange.columns import Columns, Type
from hitl_app.exchange.folder import CARD, MANIFEST, PRODUCT

Yaml: TypeAlias = Mapping[str, Any]  # Any: what YAML may hold; a wrong shape raises as it is read


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file as the manifest lists it; `rows` is None where it has none."""

    name: str
    rows: int | None
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export says of its files."""

    format: str
    files: tuple[ManifestFile, ...]

    def rows(self, name: str) -> int:
        """How many rows a file has; 0 where it is not listed."""
        return next((file.rows or 0 for file in self.files if file.name == name), 0)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of rows as the card lists it: the name of its table, its part, and the types of its columns.

    `columns` is None where the card has none, because the rows hold objects of whatever keys.
    """

    table: str
    part: str
    name: str
    columns: Columns | None


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an export.

    Raises:
        UserError: The folder is no export of this product, or its manifest is damaged.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder; name one that `hitl-app export` wrote")
    try:
        said = parse_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(f"{folder}: no {MANIFEST} in it; name a folder that `hitl-app export` wrote") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{folder / MANIFEST}: cannot be read ({error}); export again") from error
    product = said.get("product") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(product, Mapping) or product.get("name") != PRODUCT:
        raise UserError(
            f"{folder / MANIFEST}: was not written by {PRODUCT}; name a folder that `hitl-app export` wrote"
        )
    files, name = said.get("files"), said.get("format")
    try:
        if not isinstance(name, str) or not isinstance(files, Sequence):
            raise ValueError("format or files are missing")
        return Manifest(name, tuple(map(_manifest_file, files)))
    except ValueError as error:
        raise UserError(f"{folder / MANIFEST}: is damaged ({error}); export again") from error


def _manifest_file(said: object) -> ManifestFile:
    match said:
        case {"name": str(name), "rows": int() | None as rows, "bytes": int(size), "sha256": str(digest)}:
            if Path(name).name == name and name not in {"", ".", ".."}:
                return ManifestFile(name, rows, size, digest)
    raise ValueError(f"no file of this folder: {str(said)[:200]}")


def read_card(folder: Path) -> tuple[DataFile, ...] | None:
    """The files of rows with their columns, from the header of the dataset card; None where it has no header.

    Raises:
        ValueError: The header cannot be understood; says why.
    """
    try:
        text = (folder / CARD).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ValueError(f"there is no {CARD}") from error
    start, mark, rest = text.partition("---\n")
    header, end, _ = rest.partition("\n---\n")
    if start or not mark:
        return None
    if not end:
        raise ValueError("its header does not end")
    try:
        said = yaml.safe_load(header)
    except yaml.YAMLError as error:
        raise ValueError(f"its header is no YAML: {error}") from error
    try:
        columns = {each["config_name"]: _columns(each["features"]) for each in said.get("dataset_info") or ()}
        return tuple(_data_files(said.get("configs") or (), columns))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its header lacks what `datasets` reads: {error!r}") from error


def _data_files(configs: Sequence[Yaml], columns: Mapping[str, Columns]) -> Iterator[DataFile]:
    for config in configs:
        for file in config["data_files"]:
            name = str(file["path"])
            if Path(name).name != name:
                raise ValueError(f"{name} is no file of this folder")
            table = str(config["config_name"])
            yield DataFile(table, str(file["split"]), name, columns.get(table))


def _columns(features: Sequence[Yaml]) -> Columns:
    return {str(feature["name"]): _type(feature) for feature in features}


def _type(feature: Yaml) -> Type:
    """A type as `datasets` writes it: the other direction of `card._kind`."""
    if "struct" in feature:
        return _columns(feature["struct"])
    if "list" not in feature:
        return str(feature["dtype"])
    inner = feature["list"]
    if isinstance(inner, Mapping):
        return [_type(inner)]
    return [inner] if isinstance(inner, str) else [_columns(inner)]
