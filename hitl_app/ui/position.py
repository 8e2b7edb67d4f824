"""Where the desk was left: kept between sessions as one preference."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from hitl_app.domain.codec import get_object, get_str
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import QueueOrder
from hitl_app.workflow.library import Library

KEY = "desk"
"""The preference's name."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeskPosition:
    """Everything that is put back when the desk opens again.

    Attributes:
        geometry: The window's own, in base 64.
        splitters: Of each splitter by its name, in base 64.
        trajectory_id: What was on the desk.
    """

    geometry: str = ""
    splitters: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    order: QueueOrder = QueueOrder.IMPORTED
    trajectory_id: str = ""

    @classmethod
    async def kept(cls, library: Library) -> "DeskPosition":
        """Where the desk was left; the defaults where that is not known."""
        kept = await library.preference(KEY)
        try:
            return cls() if kept is None else cls.from_json(kept)
        except ValueError as error:
            log.warning("where the desk was left cannot be read: %s", error)
            return cls()

    def to_json(self) -> JsonObject:
        """For the store."""
        return {
            "geometry": self.geometry,
            "splitters": dict(self.splitters),
            "query": self.query,
            "order": self.order,
            "trajectory_id": self.trajectory_id,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "DeskPosition":
        """From the store.

        Raises:
            ValueError: It was written in another form.
        """
        splitters = get_object(value, "splitters")
        return cls(
            get_str(value, "geometry"),
            {name: get_str(splitters, name) for name in splitters},
            get_str(value, "query"),
            QueueOrder(get_str(value, "order")),
            get_str(value, "trajectory_id"),
        )
