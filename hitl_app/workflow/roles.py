"""Roles that a model plays: each may have an endpoint of its own, else the model of the settings plays it."""

from collections.abc import Mapping
from enum import StrEnum

from hitl_app.domain.codec import get_object, get_str
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.run import RunSettings
from hitl_app.workflow.models import Chosen, Models


class Role(StrEnum):
    """What a model is asked to be."""

    PLANNER = "planner"
    EXECUTOR = "executor"
    JUDGE = "judge"
    SMALL = "small"
    LARGE = "large"


Cast = Mapping[Role, ModelEndpoint]
"""Which model plays which role."""

_DETAIL = "roles"


async def cast_of(models: Models, chosen: Mapping[Role, Chosen]) -> Cast:
    """The models that play some roles: as chosen, else as in the settings.

    Raises:
        ModelUnavailableError: One of them is not set up.
    """
    return {role: await models.role(role, wanted) for role, wanted in chosen.items()}


def cast_to_json(cast: Cast) -> JsonObject:
    """What the detail of a run keeps of it."""
    return {_DETAIL: {role: {"base_url": each.base_url, "model": each.model} for role, each in cast.items()}}


def player(settings: RunSettings, role: Role) -> str:
    """Name of the model that played a role in a run; the run's own where it has no roles."""
    kept = settings.detail.get(_DETAIL)
    each = kept.get(role) if isinstance(kept, Mapping) else None
    return get_str(each, "model") if isinstance(each, Mapping) else settings.model


async def recorded_cast(models: Models, detail: JsonObject) -> Cast:
    """The models that a run began with, as far as it kept their roles."""
    kept = get_object(detail, _DETAIL) if _DETAIL in detail else {}
    each = {name: get_object(kept, name) for name in kept}
    return await cast_of(
        models, {Role(n): Chosen(get_str(v, "base_url"), get_str(v, "model")) for n, v in each.items()}
    )
