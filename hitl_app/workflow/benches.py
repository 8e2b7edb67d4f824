"""The bench of a task: what methods that act on it from the start work with."""

from hitl_app.domain.inspection import Execution
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.acting import MAX_STEPS
from hitl_app.refine.bench import Bench
from hitl_app.workflow.refinement import Refinement, without_answer


async def bench_of(
    refinement: Refinement,
    task: Task,
    client: ModelClient,
    prompts: Prompts,
    *,
    native_tools: bool | None,
    more: int = 0,
    on_text: OnText = lambda text: None,
    max_steps: int = MAX_STEPS,
) -> Bench:
    """A bench on which the task stands without what it is judged by.

    Args:
        refinement: Executes.
        task: The task.
        client: The model.
        prompts: What it is asked with.
        native_tools: Its server takes tool calls; None where nobody knows.
        more: How often a method may go on after its first try.
        on_text: Receives the model's words as they come.
        max_steps: Ceiling of the steps of one try.
    """

    async def replay(trajectory: Trajectory) -> Execution:
        return await refinement.replay(task, trajectory)

    return Bench(
        task=without_answer(task),
        task_id=task.id,
        tools=await refinement.tools(task),
        client=client,
        prompts=prompts,
        inspect=refinement.execute,
        replay=replay,
        native_tools=native_tools,
        more=more,
        on_text=on_text,
        max_steps=max_steps,
    )
