"""What is arranged around decisions, to JSON and back: assignments, gold items, seeds."""

from hitl_app.domain.codec import CodecError, get_ints, get_optional_int, get_str
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.team import Assignment, GoldItem, Seed, SeedKind

_VERDICTS = ("kept", "repaired", "rejected")


def assignment_to_json(made: Assignment) -> JsonObject:
    """Encode an assignment."""
    return {"root_id": made.root_id, "annotator": made.annotator, "assigned_at": made.assigned_at}


def assignment_from_json(value: JsonObject) -> Assignment:
    """Decode an assignment. Raises CodecError."""
    return Assignment(get_str(value, "root_id"), get_str(value, "annotator"), get_str(value, "assigned_at"))


def gold_to_json(item: GoldItem) -> JsonObject:
    """Encode a gold item."""
    return {
        "root_id": item.root_id,
        "verdict": item.verdict,
        "blame": item.blame,
        "note": item.note,
        "set_by": item.set_by,
        "set_at": item.set_at,
    }


def gold_from_json(value: JsonObject) -> GoldItem:
    """Decode a gold item. Raises CodecError."""
    verdict = get_str(value, "verdict")
    if verdict not in _VERDICTS:
        raise CodecError(f"verdict: {verdict!r} is none of {', '.join(_VERDICTS)}")
    return GoldItem(
        get_str(value, "root_id"),
        verdict,
        get_optional_int(value, "blame"),
        get_str(value, "note"),
        get_str(value, "set_by"),
        get_str(value, "set_at"),
    )


def seed_to_json(seed: Seed) -> JsonObject:
    """Encode what is bad in a proposal."""
    return {
        "proposal_id": seed.proposal_id,
        "root_id": seed.root_id,
        "kind": seed.kind,
        "bad_hunks": seed.bad_hunks,
        "seeded_at": seed.seeded_at,
    }


def seed_from_json(value: JsonObject) -> Seed:
    """Decode what is bad in a proposal. Raises CodecError."""
    return Seed(
        get_str(value, "proposal_id"),
        get_str(value, "root_id"),
        SeedKind(get_str(value, "kind")),
        get_ints(value, "bad_hunks"),
        get_str(value, "seeded_at"),
    )
