"""Errors that a user can do something about. Anything else is a bug."""


class UserError(Exception):
    """Says what is wrong, where, and what to do about it."""


class NotFoundError(UserError):
    """Nothing in the store has that id."""


class AmbiguousIdError(UserError):
    """A shortened id fits more than one thing."""


class StoreError(UserError):
    """The store cannot be opened or written."""


class EnvironmentUnavailableError(UserError):
    """An environment is missing, or cannot execute a task."""


class NotReplayableError(Exception):
    """An environment does not have this tool: the recorded observation stands in where there is one."""
