"""Anything with a dataset card: `load_dataset` on the folder says columns, types and rows, and not what trains."""

import datasets

from .answers import Answer, answer_for, failed, look_through
from .request import File, Request


def read(request: Request) -> list[Answer]:
    """Every file of the export."""
    return [_read(request, file) for file in request.files]


def _read(request: Request, file: File) -> Answer:
    answer = answer_for(file, "load_dataset")
    try:
        rows = load(request, file)
        answer["read"] = len(rows)
        answer["features"] = {name: str(feature) for name, feature in rows.features.items()}
        first = rows.select(range(min(request.rows, len(rows))))
        answer["rows"] = [{"texts": {}, "values": dict(row)} for row in first]
        look_through(answer, file.first(request.rows), list(first))
    except Exception as error:
        answer["problem"] = failed(error)
    return answer


def load(request: Request, file: File) -> datasets.Dataset:
    """A file as the folder's card names it."""
    cache = str(request.work / "cache")
    return datasets.load_dataset(str(request.folder), file.table, split=file.part, cache_dir=cache)
