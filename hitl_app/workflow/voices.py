"""The voice of a task's user, for the face that lets a person speak."""

from hitl_app.refine.voices import Reply, Voice

__all__ = ["Reply", "Voice"]
