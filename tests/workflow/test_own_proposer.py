"""A proposer of one's own, written as the documentation says, is one line away from every command."""

import asyncio
import re
from pathlib import Path

import pytest

from hitl_app.bootstrap import build
from hitl_app.domain.ports import Proposer
from hitl_app.workflow import refining
from hitl_app.workflow.running import TaskEnded

DOCUMENTED = Path(__file__).parents[2] / "docs" / "adding-a-proposer.md"


def test_the_documented_proposer_repairs_what_one_step_less_repairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENTED.read_text(), re.DOTALL)
    names: dict[str, type[Proposer]] = {}
    exec(code, names)  # noqa: S102 -- our own documentation
    monkeypatch.setattr(refining, "OFFLINE", {"shortener": names["Shortener"]})
    monkeypatch.setattr(refining, "PROPOSERS", ("shortener",))
    application = build(tmp_path)

    async def work() -> None:
        workspace = application.workspace
        await workspace.samples.add(3, 3)
        events = workspace.refining.refine(await workspace.library.root_ids(), proposer="shortener")
        results = [event.result async for event in events if isinstance(event, TaskEnded)]
        better = [result for result in results if result.before and result.after and result.best_id != result.start_id]
        assert better
        assert all(result.after.compare(result.before) < 0 for result in better if result.after and result.before)
        proposal, _ = await workspace.refining.propose(better[0].start_id, "shortener")
        assert [hunk.operator for hunk in proposal.hunks] == ["delete"]

    try:
        asyncio.run(work())
    finally:
        application.close()
