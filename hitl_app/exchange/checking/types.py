"""Whether a row has the columns and types that were declared for it."""

from collections.abc import Mapping, Sequence

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.exchange.columns import Columns, Type

_PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "bool": (bool,),
    "int64": (int,),
    "float64": (float, int),
}


def mistyped(row: JsonObject, columns: Columns) -> str | None:
    """What is wrong with the row; None where nothing is. Null is of every type, as in Parquet."""
    return _fields(row, columns, "")


def _fields(value: Mapping[str, Json], columns: Mapping[str, Type], place: str) -> str | None:
    if value.keys() != columns.keys():
        missing = [f"{place}{name} is missing" for name in columns if name not in value]
        unknown = [f"{place}{name} was not declared" for name in value if name not in columns]
        return (missing + unknown)[0]
    wrong = (_wrong(value[name], of, f"{place}{name}") for name, of in columns.items())
    return next((found for found in wrong if found is not None), None)


def _wrong(value: Json, of: Type, place: str) -> str | None:
    if value is None:
        return None
    if isinstance(of, str):
        plain = isinstance(value, _PLAIN.get(of, ())) and (of == "bool" or not isinstance(value, bool))
        return None if plain else f"{place} is no {of}"
    if isinstance(of, Mapping):
        return _fields(value, of, f"{place}.") if isinstance(value, Mapping) else f"{place} is no object"
    if isinstance(value, str) or not isinstance(value, Sequence):
        return f"{place} is no list"
    found = (_wrong(each, of[0], f"{place}[{number}]") for number, each in enumerate(value))
    return next((wrong for wrong in found if wrong is not None), None)
