"""Tasks of the window: what is handed to one is never left lying when it ends."""

import asyncio

from hitl_app.ui.tasks import Tasks


def test_a_task_that_has_done_its_work_runs_no_more_although_its_end_is_not_told_yet() -> None:
    failures: list[str] = []
    runs: list[bool] = []

    async def story() -> None:
        tasks = Tasks(lambda name, _: failures.append(name))

        async def work() -> None:
            runs.append(tasks.runs("work"))
            asyncio.get_running_loop().call_soon(lambda: runs.append(tasks.runs("work")))  # just before its end is told

        tasks.start("work", work())
        await tasks.ended("work")

    asyncio.run(story())
    assert (runs, failures) == ([True, False], [])
