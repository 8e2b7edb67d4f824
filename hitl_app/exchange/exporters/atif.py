"""ATIF 1.8: the head of each lineage as one document a line, for the tools around Harbor.

ATIF has no fields for plans, losses, decisions and failed observations, and takes no unknown ones: they stand under
`extra.hitl_app` of the document, its steps, calls and results, where the importer finds them again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from hitl_app.domain.codec import losses_to_json, plan_step_to_json, source_to_json, step_to_json
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.domain.ports import ExportSummary, Record, Revision
from hitl_app.domain.record_codec import entry_to_json
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Recorded, Source, Step
from hitl_app.exchange.folder import encode_row, export_folder
from hitl_app.exchange.importers.atif import OURS

FILE = "trajectories.jsonl"
VERSION = "ATIF-v1.8"

_SOURCES = {"assistant": "agent", "user": "user"}
_NO_STEPS = "the head has no steps"

_CARD = """\
# Trajectories in ATIF 1.8

`trajectories.jsonl` has one document of the Agent Trajectory Interchange Format a line: the head of each lineage,
decided or not. `hitl-app import FOLDER` reads it; other tools want one document a file:
`split --lines=1 --additional-suffix=.json trajectories.jsonl`.

`trajectory_id` names the head and `session_id` its lineage. A recording has the observations that were recorded, a
revision those of its last execution. `extra.hitl_app` has what ATIF has no fields for: task, plan, losses, the
decisions on revisions, and where the recording came from; in steps, the plan step that they carry out; in results,
whether the action failed. What a simulated user did with tools is a step of the user with `extra.hitl_app.action`,
since only agents call tools in ATIF.
"""


class AtifExporter:
    """Writes the head of each lineage."""

    name = "atif"
    description = "Other tools: trajectories as ATIF"
    chooses = pairs = False
    spans = ()
    needs = problem = suffix = ""

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the export; see `Exporter`."""
        excluded: Counter[str] = Counter()
        with export_folder(out, self.name) as folder:
            with folder.rows(FILE) as rows:
                for root_id in record.root_ids():
                    row = record.row(root_id)
                    revisions = record.revisions(root_id)
                    head = next(item for item in revisions if item.trajectory.id == row.head_id)
                    task = record.task(head.trajectory.task_id)
                    if head.trajectory.steps:
                        rows.write(encode_row(_document(row, task, record.tools(task), revisions, head)))
                    else:
                        excluded[_NO_STEPS] += 1
            left_out: list[Json] = [{"reason": reason, "count": count} for reason, count in excluded.items()]
            folder.finish(_CARD, {"settings": {"trajectories": "heads of all lineages"}, "excluded": left_out})
            return ExportSummary(self.name, tuple(folder.rows_by_file.items()), tuple(excluded.items()))


def _document(
    row: QueueRow, task: Task, tools: Sequence[ToolSpec], revisions: Sequence[Revision], head: Revision
) -> JsonObject:
    trajectory = head.trajectory
    source = revisions[0].trajectory.source
    steps = [*_policy(task), *_steps(head)]
    return {
        "schema_version": VERSION,
        "session_id": row.root_id,
        "trajectory_id": trajectory.id,
        "agent": _agent(source, tools),
        "steps": [{"step_id": number, **step} for number, step in enumerate(steps, start=1)],
        "extra": {
            OURS: {
                "task": {
                    "id": task.id,
                    "environment": task.environment,
                    "domain": task.domain,
                    "key": task.key,
                    "title": task.title,
                    "instruction": task.instruction,
                },
                "plan": [plan_step_to_json(item) for item in trajectory.plan],
                "losses": None if head.inspection is None else losses_to_json(head.inspection.losses),
                "verified": None if head.inspection is None else head.inspection.verified,
                "status": row.status,
                "revision": head.number,
                "parent_id": trajectory.parent_id,
                "author": trajectory.author,
                "carried_over": sorted(trajectory.carried_over),
                "decisions": [entry_to_json(item.entry) for item in revisions if item.entry is not None],
                "source": None if source is None else _origin(source),
                "synthetic": row.synthetic,
            }
        },
    }


def _agent(source: Source | None, tools: Sequence[ToolSpec]) -> JsonObject:
    """The recorded agent where that is known; ATIF wants a name and a version of every one."""
    recorded = source.extra.get("agent") if source is not None else None
    known = recorded if isinstance(recorded, Mapping) else {}
    described: list[Json] = [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in tools
    ]
    agent: dict[str, Json] = {
        "name": str(known.get("name", "unknown")),
        "version": str(known.get("version", "unknown")),
    }
    if source is not None and source.model:
        agent["model_name"] = source.model
    if described:
        agent["tool_definitions"] = described
    return agent


def _origin(source: Source) -> JsonObject:
    """The recording's source without the place on the disk of whoever imported it."""
    return {name: value for name, value in source_to_json(source).items() if name != "file"}


def _policy(task: Task) -> tuple[JsonObject, ...]:
    return ({"source": "system", "message": task.policy, "extra": {OURS: {"policy": True}}},) if task.policy else ()


def _steps(head: Revision) -> Iterator[JsonObject]:
    """The steps without their numbers; calls of one turn are one step."""
    for _, group in groupby(enumerate(head.trajectory.steps), key=_turn_key):
        members = list(group)
        index, step = members[0]
        observed = {at: _observed(at, member, head) for at, member in members}
        if not step.is_action:
            yield _said(step)
        elif step.role != "assistant":
            whole = {**step_to_json(step), "expected": _result_to_json(observed[index])}
            yield {"source": "user", "message": "", "extra": {OURS: {"action": whole}}}
        else:
            yield _calls(members, observed)


def _turn_key(item: tuple[int, Step]) -> tuple[int, int]:
    """The agent's calls of one message share a key; every other step has one of its own."""
    index, step = item
    return (0, step.turn) if step.is_action and step.role == "assistant" and step.turn is not None else (1, index)


def _said(step: Step) -> JsonObject:
    said: dict[str, Json] = {"source": _SOURCES.get(step.role, "system"), "message": step.text}
    if link := _link(step):
        said["extra"] = {OURS: link}
    return said


def _calls(members: Sequence[tuple[int, Step]], observed: Mapping[int, Recorded | None]) -> JsonObject:
    calls: list[Json] = []
    results: list[Json] = []
    for place, (index, step) in enumerate(members):
        call: dict[str, Json] = {
            "tool_call_id": f"call_{index}",
            "function_name": step.tool,
            "arguments": step.arguments,
        }
        ours = _link(step) | ({"thought": step.thought} if place and step.thought else {})
        if ours:
            call["extra"] = {OURS: ours}
        calls.append(call)
        result = observed[index]
        if result is not None:
            failed = {OURS: {"failed": result.failed}}
            results.append({"source_call_id": f"call_{index}", "content": result.text, "extra": failed})
    first = members[0][1]
    whole: dict[str, Json] = {"source": "agent", "message": first.thought, "tool_calls": calls}
    if results:
        whole["observation"] = {"results": results}
    whole["extra"] = {OURS: {"turn": first.turn}}
    return whole


def _link(step: Step) -> dict[str, Json]:
    """The plan step that a step carries out."""
    if step.plan_step is None:
        return {}
    return {"plan_step": step.plan_step, "link_confidence": step.link_confidence}


def _observed(index: int, step: Step, head: Revision) -> Recorded | None:
    """A recording's recorded observation, a revision's executed one; the other where there is none."""
    steps = head.inspection.execution.steps if head.inspection is not None else ()
    observation = steps[index].observation if index < len(steps) else None
    executed = None if observation is None else Recorded(observation.text, observation.failed)
    return step.expected or executed if head.trajectory.parent_id is None else executed or step.expected


def _result_to_json(result: Recorded | None) -> Json:
    return None if result is None else {"text": result.text, "failed": result.failed}
