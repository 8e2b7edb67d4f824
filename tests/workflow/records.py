"""What a store holds, without what differs from one run to the next: ids of runs, times, and hashes of entries."""

from pathlib import Path

from hitl_app.domain.codec import inspection_to_json
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.ports import Store
from hitl_app.domain.record_codec import proposal_to_json, trajectory_to_json
from hitl_app.domain.run import Run
from hitl_app.domain.run_codec import call_to_json, passage_to_json, result_to_json
from hitl_app.domain.store_file import STORE
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock

VARYING = frozenset(
    {"seconds", "made_at", "passed_at", "started_at", "proposed_at", "run", "endpoint", "annotator_seconds"}
)


def opened(data_dir: Path) -> SqliteStore:
    """The store of a desk."""
    return open_store(data_dir / STORE, SystemClock())


def content(store: Store) -> dict[str, Json]:
    """Lineages with their revisions, inspections, proposals and decisions, and the newest run."""
    return {"lineages": {root: _lineage(store, root) for root in store.root_ids()}, "run": _run(store, store.runs()[0])}


def _lineage(store: Store, root_id: str) -> Json:
    revisions = store.revisions(root_id)
    row = store.row(root_id)
    return {
        "head": row.head_id,
        "status": row.status,
        "trajectories": [_steady(trajectory_to_json(r.trajectory)) for r in revisions],
        "inspections": [None if r.inspection is None else _steady(inspection_to_json(r.inspection)) for r in revisions],
        "proposals": [_steady(proposal_to_json(p)) for r in revisions for p in store.proposals(r.trajectory.id)],
        "decisions": [_steady(entry.decision.payload()) for entry in store.entries(root_id)],
    }


def _run(store: Store, run: Run) -> Json:
    calls = [_steady(call_to_json(call)) for _, call in store.calls(run.id) if not call.error]
    passages = [_steady(passage_to_json(passage)) for _, passage in store.passages(run.id)]
    return {
        "status": run.status,
        "results": sorted((_steady(result_to_json(result)) for result in run.results), key=str),
        "calls": sorted(calls, key=str),
        "passages": sorted(passages, key=str),
    }


def _steady(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _steady(inner) for name, inner in value.items() if name not in VARYING}
    return [_steady(inner) for inner in value] if isinstance(value, list | tuple) else value
