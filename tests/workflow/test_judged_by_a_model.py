"""A run of the loop on a task whose environment judges nothing: a model judges, and the record says that it did."""

import asyncio
import json
from pathlib import Path

from records import opened
from serving import serving

from hitl_app.bootstrap import build
from hitl_app.domain.loss import Count
from hitl_app.domain.model import ModelCall
from hitl_app.domain.run import Budget, TaskResult, TaskStatus
from hitl_app.refine.judging import JUDGED
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.refining import MODEL
from hitl_app.workflow.running import Called, TaskEnded

HERE = Path(__file__).parent
CALL = {"id": "1", "type": "function", "function": {"name": "write", "arguments": '{"path": "hello.txt"}'}}
CHAT = {
    "messages": [
        {"role": "user", "content": "Write hello.txt with the word hello, and say how long it is."},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "1", "content": "5 bytes written"},
        {"role": "assistant", "content": "Done."},
    ]
}


async def refined(data_dir: Path, base_url: str, chat: Path) -> tuple[TaskResult, list[ModelCall]]:
    application = build(data_dir)
    try:
        workspace = application.workspace
        async for _ in workspace.library.import_paths([chat]):
            pass
        ids = await workspace.library.root_ids()
        calls, results = [], []
        events = workspace.refining.refine(
            ids, proposer=MODEL, budget=Budget(iterations=2), chosen=Chosen(base_url, "scripted")
        )
        async for event in events:
            if isinstance(event, Called):
                calls.append(event.call)
            if isinstance(event, TaskEnded):
                results.append(event.result)
        (result,) = results
        return result, calls
    finally:
        application.close()


def test_the_loop_repairs_what_only_a_model_can_judge_and_says_who_judged(tmp_path: Path) -> None:
    chat = tmp_path / "chat.json"
    chat.write_text(json.dumps(CHAT), "utf-8")
    with serving("judging_script:reply", HERE) as served:
        result, calls = asyncio.run(refined(tmp_path / "desk", served.base_url, chat))
    assert (result.status, result.error) == (TaskStatus.VERIFIED, "")
    assert result.before is not None
    assert result.after is not None
    assert (result.before.goal, result.after.goal) == (Count(1, 2), Count(0, 2))
    assert [call.prompt.split("/")[0] for call in calls] == [
        "requirements",
        "judge",
        "critique",
        "evolve",
        "judge",
        "verify",
    ]
    store = opened(tmp_path / "desk")
    (root_id,) = store.root_ids()
    best = store.row(root_id).head_id
    inspection = store.inspection(best)
    assert best == result.best_id != root_id
    assert inspection is not None
    assert [finding.met for finding in inspection.findings] == [True, True]
    for finding in inspection.findings:
        assert finding.id.startswith(JUDGED)
        assert finding.evidence.startswith("judged by a model (verify)")
    store.close()
