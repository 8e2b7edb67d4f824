"""Leave an unfinished review and the window's place in a store: `python leave_desk.py DATA_DIR TRAJECTORY`.

Run with the program of any version on the path: the values are made by the classes of its own window.
"""

import asyncio
import sys
from pathlib import Path

from hitl_app.bootstrap import build
from hitl_app.domain.library import QueueOrder
from hitl_app.ui.position import KEY, DeskPosition
from hitl_app.ui.state import Draft, HunkVerdict, WorkingHunk
from hitl_app.workflow.workspace import Workspace

UNFINISHED = 'book_hotel\n{"hotel_id": "H-DOR-1", "check_in": "改'
"""What was typed: a tool, and arguments that are not valid JSON yet."""


async def leave(workspace: Workspace, base_id: str) -> None:
    """Write both as the window does when it is closed amid a review."""
    opened = await workspace.library.open(base_id)
    proposal = opened.proposals[0]
    verdicts = (HunkVerdict.ACCEPTED, HunkVerdict.REJECTED)
    hunks = (WorkingHunk(hunk, n, verdicts[n % len(verdicts)]) for n, hunk in enumerate(proposal.hunks))
    draft = Draft(tuple(hunks), proposal.id, editing=0, text=UNFINISHED)
    await workspace.review.save_draft(base_id, draft.to_json())
    position = DeskPosition(query="env:travel", order=QueueOrder.WORST_FIRST, trajectory_id=base_id)
    await workspace.library.set_preference(KEY, position.to_json())


def main() -> None:
    """Open the store, leave, close."""
    application = build(Path(sys.argv[1]))
    asyncio.run(leave(application.workspace, sys.argv[2]))
    application.close()


if __name__ == "__main__":
    main()
