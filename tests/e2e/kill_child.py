"""Works on a store until it is killed; says on standard output what the store acknowledged.

Run as `python kill_child.py decide|import DATA_DIR [FILE]`. Every line is printed after the use case returned, which
is when the window would say that it is saved.
"""

import asyncio
import random
import sys
from pathlib import Path

from hitl_app.bootstrap import build
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ImportSummary
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace


async def decide(workspace: Workspace) -> None:
    await workspace.samples.add(6)
    roots = await workspace.library.root_ids()
    draw = random.Random()  # a different moment each time is the point
    stand = 0
    say("ready")
    while True:
        head = (await workspace.library.row(draw.choice(roots))).head_id
        steps = (await workspace.library.open(head)).trajectory.steps
        last = len(steps) - 1
        what = draw.choice(["skip", "flag", "delete", "message", "undo"])
        maker = Maker("ann", "because")
        if what == "undo":
            if stand:
                undone, _ = await workspace.review.undo("ann")
                stand -= 1
                say(f"entry {undone.undos[0].sequence} {undone.undos[0].hash}")
            continue
        if what == "skip":
            decided, _ = await workspace.review.skip(head, maker)
        elif what == "flag":
            decided, _ = await workspace.review.flag(head, maker)
        elif what == "delete":
            decided, _ = await workspace.review.revise(head, [{"op": "delete", "step": last}], maker, override=True)
        else:
            edit: JsonObject = {"op": "insert", "before": last, "message": f"note {draw.random()}"}
            decided, _ = await workspace.review.revise(head, [edit], maker, override=True)
        stand += 1
        say(f"entry {decided.entry.sequence} {decided.entry.hash}")


async def import_file(workspace: Workspace, file: Path) -> None:
    def progress(summary: ImportSummary) -> None:
        say(f"imported {summary.trajectories + summary.duplicates}")

    say("ready")
    async for _ in workspace.library.import_paths([file], progress=progress):
        pass
    say("done")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    mode, data_dir = sys.argv[1], Path(sys.argv[2])
    application = build(data_dir)
    if mode == "decide":
        asyncio.run(decide(application.workspace))
    else:
        asyncio.run(import_file(application.workspace, Path(sys.argv[3])))
        application.close()


if __name__ == "__main__":
    main()
