"""What could stand in an argument: what the schema names, and values that occur earlier in the trajectory."""

from collections.abc import Iterator

from hitl_app.domain.arguments import JsonPath
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.ui.editor.completion import Suggestion, matching
from hitl_app.ui.editor.json_place import Place
from hitl_app.ui.editor.shapes import (
    choices_of,
    description_of,
    name_in,
    properties_of,
    required_of,
    schema_at,
    types_of,
)
from hitl_app.ui.step_text import pretty
from hitl_app.ui.translating import translate
from hitl_app.workflow.earlier_values import EarlierValues


class Suggesting:
    """Knows the tool's schema and the earlier values; both views of the arguments ask it."""

    def __init__(self) -> None:
        self.schema: JsonObject = {}
        self.earlier = EarlierValues()

    def texts(self, path: JsonPath, typed: str, present: str) -> tuple[Suggestion, ...]:
        """Texts that could stand in a field in which `present` does, `typed` of it in front of the cursor."""
        found = self.earlier.find(name_in(path), typed)
        return () if found == (present,) else tuple(_earlier(value, str(value)) for value in found)

    def numbers(self, path: JsonPath, typed: str, present: str) -> tuple[Suggestion, ...]:
        """Numbers that could stand in a field."""
        found = self.earlier.find(name_in(path), typed, numbers=True)
        return () if list(map(pretty, found)) == [present] else tuple(_earlier(v, pretty(v)) for v in found)

    def at(self, place: Place, *, asked: bool) -> tuple[Suggestion, ...]:
        """What could stand at a place of the JSON text; without being asked only where something was typed."""
        if not asked and not place.before:
            return ()
        found = tuple(self._names(place)) if place.is_name else tuple(self._values(place))
        fits = matching(place.typed, found)
        return () if len(fits) == 1 and fits[0].insert == place.before + place.after else fits

    def _names(self, place: Place) -> Iterator[Suggestion]:
        schema = schema_at(self.schema, place.path)
        required = required_of(schema)
        for name, inner in properties_of(schema).items():
            if name not in place.taken:
                insert = pretty(name) + ("" if place.named else ": ")
                must = translate("Suggesting", "required") if name in required else ""
                kind = " | ".join(types_of(inner))
                yield Suggestion(name, insert, " · ".join(filter(None, (kind, must, description_of(inner)))))

    def _values(self, place: Place) -> Iterator[Suggestion]:
        schema = schema_at(self.schema, place.path)
        choices, types = choices_of(schema), types_of(schema)
        if not choices and "boolean" in types:
            choices = (True, False)
        for choice in choices:
            text = choice if isinstance(choice, str) else pretty(choice)
            yield Suggestion(text, pretty(choice), translate("Suggesting", "allowed"))
        if choices:
            return
        numeric = bool(types) and not {"string", "object", "array"} & set(types)
        for value in self.earlier.find(name_in(place.path), place.typed, numbers=numeric):
            yield _earlier(value, pretty(value))


def _earlier(value: Json, insert: str) -> Suggestion:
    return Suggestion(str(value), insert, translate("Suggesting", "earlier in this trajectory"))
