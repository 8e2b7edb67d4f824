"""Runs the loop with a model until it is killed; says on standard output what is on record by then.

Run as `python run_child.py DATA_DIR [RUN]`: with a run, it is resumed. The model is the environment's.
"""

import asyncio
import sys
from pathlib import Path

from hitl_app.bootstrap import build
from hitl_app.domain.run import Budget
from hitl_app.workflow.refining import MODEL
from hitl_app.workflow.running import Called, RunBegan
from hitl_app.workflow.workspace import Workspace

ITERATIONS = 3


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def main(workspace: Workspace, run_id: str | None) -> None:
    refining = workspace.refining
    if run_id is None:
        roots = await workspace.library.root_ids()
        events = refining.refine(roots, proposer=MODEL, budget=Budget(ITERATIONS), concurrency=3)
    else:
        events = refining.resume(run_id)
    async for event in events:
        match event:
            case RunBegan(run=run):
                say(f"run {run.id}")
            case Called(call=call):
                say(f"called {call.key}")


if __name__ == "__main__":
    application = build(Path(sys.argv[1]))
    asyncio.run(main(application.workspace, sys.argv[2] if len(sys.argv) > 2 else None))
    application.close()
