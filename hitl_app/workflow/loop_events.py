"""The loop's events, for the faces that show them."""

from hitl_app.refine.loop import Entered, Event, Inspected, Judged, Proposed, Refused, Stopped, Verified

__all__ = ["Entered", "Event", "Inspected", "Judged", "Proposed", "Refused", "Stopped", "Verified"]
