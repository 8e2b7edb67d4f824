"""Every window of the product, each with a way to bring it up in a state that people see it in."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from cascades_on_record import a_run
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from test_shell_window import until

from hitl_app.domain.crash import CrashReport
from hitl_app.domain.guidelines import Occasion
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.model import PASTE, PastedQuestion, Purpose
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree
from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.routing import RoutedStage, RoutingSettings
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.cascades import cascades_of
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.hunk_editor import ArgumentsView
from hitl_app.ui.routing_desk import CASCADES, COMPARED, NEW, WHAT_IF
from hitl_app.ui.team.window import TeamPage
from hitl_app.ui.voice import Turn
from hitl_app.ui.windows.crash import CrashDialog
from hitl_app.ui.windows.expanding import ExpandDialog
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.ui.windows.models import ModelDialog
from hitl_app.ui.windows.plan_trees import PlanTreesWindow, TreeLine
from hitl_app.ui.windows.plan_versions import PlanWindow
from hitl_app.ui.windows.routing import RunLine
from hitl_app.ui.windows.settings import Page
from hitl_app.ui.windows.speaking import SpeakDialog
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.exporting import Row
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

COLLEAGUES = ("bo", "cleo")

SOON = 2.0
"""Seconds that what a window loads may take."""


def windows() -> set[QWidget]:
    """Every window that is open, without menus."""
    return {each for each in QApplication.topLevelWidgets() if each.isVisible() and not isinstance(each, QMenu)}


@dataclass
class Stage:
    """The desk on which windows are brought up, one after the other."""

    window: MainWindow
    workspace: Workspace
    questions: list[asyncio.Task[object]] = field(default_factory=list)

    @property
    def opened(self) -> Opened:
        """What is on the desk."""
        assert self.window.session.state.opened is not None
        return self.window.session.state.opened

    @property
    def inspection(self) -> Inspection:
        assert self.opened.inspection is not None
        return self.opened.inspection

    async def bring_up(self, bring: Callable[[], object]) -> QWidget:
        """The window that comes up, with everything that was loaded for it."""
        before = windows()
        await self.do(bring)
        await until(lambda: bool(windows() - before))
        (new,) = windows() - before
        return new

    async def act(self, name: str) -> QWidget:
        """The window that an action of the desk brings up."""
        action = self.window.actions_by_id[name]
        assert action.isEnabled(), f"{name} cannot be used in this state"
        return await self.bring_up(action.trigger)

    async def do(self, something: Callable[[], object]) -> None:
        """Do something, and wait for what it starts."""
        running = asyncio.all_tasks()
        something()
        started = asyncio.all_tasks() - running
        if started:
            await asyncio.wait(started, timeout=SOON)
        await self.window.session.idle()

    async def open(self, root_id: str) -> QWidget:
        """Put a lineage on the desk."""
        await self.do(lambda: self.window.session.open(root_id))
        return self.window

    async def proposal(self) -> str:
        """The lineage that has a proposal."""
        for root_id in await self.workspace.library.root_ids():
            if (await self.workspace.library.open(root_id)).proposals:
                return root_id
        raise AssertionError("no sample has a proposal")

    async def plain(self) -> tuple[str, ...]:
        """Lineages without a proposal."""
        proposal = await self.proposal()
        return tuple(root for root in await self.workspace.library.root_ids() if root != proposal)

    async def ask(self, question: Awaitable[object]) -> None:
        """Let a run ask at the desk; nobody answers."""
        self.questions.append(asyncio.ensure_future(question))
        await asyncio.sleep(0)
        await self.window.session.idle()

    async def clear(self) -> None:
        """Leave nothing but the desk, as it is in a quiet moment."""
        for question in self.questions:
            question.cancel()
            with suppress(asyncio.CancelledError):
                await question
        self.questions.clear()
        self.window.session.set_policy(ReviewPolicy())
        self.window.session.edit_cancelled()
        for each in windows() - {self.window}:
            if isinstance(each, SpeakDialog):
                each.close_over()
            else:
                each.close()
        for dialog in self.window.findChildren(ModelDialog):
            dialog.connection.roles.setCurrentIndex(0)
        self.window.activateWindow()
        await self.window.session.idle()


Scene = Callable[[Stage], Awaitable[QWidget]]


def action(name: str) -> Scene:
    """The window that comes up by an action."""
    return lambda stage: stage.act(name)


def team(page: TeamPage) -> Scene:
    async def scene(stage: Stage) -> QWidget:
        return await stage.bring_up(lambda: stage.window.team.show(page))

    return scene


# -- the desk ----------------------------------------------------------------------------------------------------------


async def with_proposal(stage: Stage) -> QWidget:
    return await stage.open(await stage.proposal())


async def with_json(stage: Stage) -> QWidget:
    return await _editing(stage, ArgumentsView.JSON)


async def with_form(stage: Stage) -> QWidget:
    return await _editing(stage, ArgumentsView.FORM)


async def _editing(stage: Stage, view: ArgumentsView) -> QWidget:
    await stage.open(await stage.proposal())
    step = next(n for n, each in enumerate(stage.opened.trajectory.steps) if each.is_action)
    await stage.do(lambda: stage.window.session.edit_step(step))
    editor = stage.window.proposal.editor
    (editor.as_form if view is ArgumentsView.FORM else editor.as_json).click()
    await stage.window.session.idle()
    return stage.window


async def with_guidelines(stage: Stage) -> QWidget:
    stage.window.actions_by_id["guidelines"].trigger()
    return stage.window


async def without_guidelines(stage: Stage) -> QWidget:
    stage.window.actions_by_id["guidelines"].trigger()
    return stage.window


async def judge_first(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    stage.window.session.set_policy(ReviewPolicy(judge_first=True))
    await stage.window.session.idle()
    return stage.window


async def blind(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    stage.window.session.set_policy(ReviewPolicy(blind=True))
    await stage.window.session.idle()
    return stage.window


async def disputed(stage: Stage) -> QWidget:
    root = (await stage.plain())[0]
    await stage.workspace.review.approve_as_is(root, Maker(COLLEAGUES[0], "as it should be", blind=True), override=True)
    await stage.workspace.review.reject(
        root, Maker(COLLEAGUES[1], "the trip is not the one that was asked for", blind=True)
    )
    return await stage.open(root)


async def refused(stage: Stage) -> QWidget:
    await stage.open((await stage.plain())[1])
    await stage.do(lambda: stage.window.session.delete_step(0))
    await stage.do(stage.window.session.approve)
    return stage.window


async def asked_at_inspect(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    gate = stage.window.run_desk.runs.gate
    await stage.ask(gate.guide(stage.opened.trajectory, stage.inspection, 2))
    return stage.window


async def asked_at_verify(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    await stage.ask(stage.window.run_desk.runs.gate.verify(stage.opened.trajectory, stage.inspection))
    return stage.window


async def empty(stage: Stage) -> QWidget:
    return stage.window


async def touring(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    stage.window.actions_by_id["tour"].trigger()
    return stage.window


FIRST: Mapping[str, Scene] = {"the desk with nothing on it": empty}
"""What is seen before anything was imported."""

DESK: Mapping[str, Scene] = {
    "the desk with a proposal": with_proposal,
    "the desk with a form": with_form,
    "the desk with JSON": with_json,
    "the desk with guidelines": with_guidelines,
    "the desk without guidelines": without_guidelines,
    "the desk before the judgement": judge_first,
    "the desk reviewed blind": blind,
    "the desk with a refusal": refused,
    "the desk asked at INSPECT": asked_at_inspect,
    "the desk asked at VERIFY": asked_at_verify,
    "the desk with a dispute": disputed,
    "the tour": touring,
}


# -- beside the desk ---------------------------------------------------------------------------------------------------


def reason(occasion: Occasion) -> Scene:
    async def scene(stage: Stage) -> QWidget:
        return await stage.bring_up(lambda: stage.window.review_desk.ask_for_reason(occasion))

    return scene


async def imported(stage: Stage) -> QWidget:
    return await stage.bring_up(lambda: stage.window.files.import_paths([Path(__file__)]))


async def previewed_import(stage: Stage) -> QWidget:
    return await stage.bring_up(lambda: stage.window.files.preview_paths([Path(__file__).parent]))


def settings(page: Page) -> Scene:
    async def scene(stage: Stage) -> QWidget:
        return await stage.bring_up(lambda: stage.window.settings.show(page))

    return scene


async def prompts(stage: Stage) -> QWidget:
    return await stage.bring_up(stage.window.modelling.show_prompts)


async def views(stage: Stage) -> QWidget:
    return await stage.bring_up(stage.window.views.show_views)


async def candidates(stage: Stage) -> QWidget:
    found = (stage.opened.trajectory, stage.inspection)
    gate = stage.window.run_desk.runs.gate
    await stage.ask(gate.choose(stage.opened.task, [found, found, found]))
    return await stage.bring_up(stage.window.session.go_to_question)


async def speaking(stage: Stage) -> QWidget:
    turn = Turn(stage.opened.trajectory.steps, asyncio.get_running_loop().create_future())
    return await stage.bring_up(lambda: stage.window.session.voice.wanted.emit(turn))


async def crashed(stage: Stage) -> QWidget:
    report = CrashReport("crash.txt", "2026-01-31T12:00:00.000000+00:00", "Traceback\nValueError: it broke")
    return await stage.bring_up(CrashDialog(report, "/var/crashes", stage.window).open)


async def unexpected(stage: Stage) -> QWidget:
    return await stage.bring_up(lambda: stage.window.show_details("It broke.", "Traceback"))


async def continuing(stage: Stage) -> QWidget:
    return await stage.bring_up(lambda: stage.window.modelling.ask_to_continue(1))


async def pictures(stage: Stage) -> QWidget:
    return await stage.bring_up(stage.window.pictures.show)


async def plan_trees(stage: Stage) -> QWidget:
    """Plans of the words on the desk, so that all words but those of the window are data."""
    shown = await stage.act("plan_trees")
    await stage.window.plan_trees.idle()
    assert isinstance(shown, PlanTreesWindow)
    plan, task = stage.opened.trajectory.plan, stage.opened.task
    ended = (
        PlanRollout("a", 0.5, failed=True),
        PlanRollout("b", 1.0, failed=False),
        PlanRollout("c", None, failed=False),
    )
    nodes = [PlanNode(task.id, 0, None, plan, ended, alike=0.5)]
    nodes += [PlanNode(task.id, number, 0, plan[number:], ended, "a", why=task.title) for number in (1, 2)]
    shown.show_trees([TreeLine("tree", task.title, len(nodes), None, "2026-01-31 12:00")])
    shown.show_tree(PlanTree(nodes), stay=False)
    return shown


async def rewards(stage: Stage) -> QWidget:
    shown = await stage.act("rewards")
    await stage.window.methods.scores.idle()
    return shown


async def plans(stage: Stage, *, written: bool) -> QWidget:
    shown = await stage.act("plans")
    await stage.window.methods.plans.idle()
    assert isinstance(shown, PlanWindow)
    if written:
        await stage.do(shown.write.click)
    return shown


async def new_tasks(stage: Stage) -> QWidget:
    """Without failure classes: their names are data, which people write."""
    shown = await stage.act("expand")
    assert isinstance(shown, ExpandDialog)
    shown.show_classes(())
    return shown


async def new_search(stage: Stage) -> QWidget:
    shown = await stage.act("plan_trees")
    assert isinstance(shown, PlanTreesWindow)
    await stage.do(lambda: shown.pages.setCurrentIndex(1))
    await stage.window.plan_trees.idle()
    return shown


async def cascades(stage: Stage, page: int) -> QWidget:
    """Cascades of the words on the desk, so that all words but those of the window are data."""
    desk = stage.window.methods.cascades
    shown = await stage.bring_up(lambda: desk.show(page))
    assert desk.window is not None
    await desk.idle()
    title = stage.opened.task.title
    desk.window.show_runs([RunLine("none", title)], "")
    stages = [_of_words(each, title) for each in a_run()]
    desk.window.show_cascades(
        cascades_of(stages, dict.fromkeys((each.task_id for each in stages), title)), RoutingSettings()
    )
    await desk.idle()
    return shown


def _of_words(stage: RoutedStage, words: str) -> RoutedStage:
    samples = (replace(sample, plan=words, shown=words) for sample in stage.samples)
    return replace(stage, samples=tuple(samples), guideline=words)


async def asked_at_route(stage: Stage) -> QWidget:
    stage.window.session.follow()
    return await stage.bring_up(
        lambda: stage.questions.append(
            asyncio.ensure_future(
                stage.window.run_desk.runs.gate.route(stage.opened.task, _of_words(a_run()[1], stage.opened.task.title))
            )
        )
    )


async def by_hand(stage: Stage) -> QWidget:
    title = stage.opened.task.title
    wrong = PastedQuestion(title, Purpose.ACT, title, title, title)
    return await stage.bring_up(
        lambda: stage.questions.append(asyncio.ensure_future(stage.window.modelling.hand.answer(wrong)))
    )


async def model_of_a_role(stage: Stage) -> QWidget:
    shown = await stage.bring_up(stage.window.modelling.show_settings)
    assert isinstance(shown, ModelDialog)
    await stage.window.modelling.idle()
    shown.connection.roles.setCurrentIndex(shown.connection.roles.findData("small"))
    await stage.window.modelling.idle()
    shown.connection.as_default.setChecked(False)
    form = shown.connection.form
    form.preset.setCurrentIndex(form.preset.findData(PASTE))
    form.preset.activated.emit(form.preset.currentIndex())
    return shown


async def run_page(stage: Stage, number: int) -> QWidget:
    shown = await stage.act("runs")
    await stage.do(lambda: stage.window.run_desk.window.pages.setCurrentIndex(number))
    return shown


async def rendered_export(stage: Stage) -> QWidget:
    shown = await stage.act("export")
    assert isinstance(shown, ExportDialog)
    shown.format.setCurrentText("trl-dpo")
    chat = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    shown.rows.show_rows({"chats-train.jsonl": [Row(json.dumps(chat))]})
    await stage.do(shown.rows.as_trainer.click)
    return shown


async def exported(stage: Stage) -> QWidget:
    shown = await stage.act("export")
    assert isinstance(shown, ExportDialog)
    shown.show_result(ExportSummary("csv", (("chats-train.jsonl", 3),)), Path(__file__), "hitl-app export")
    return shown


async def compared(stage: Stage) -> QWidget:
    await stage.open(await stage.proposal())
    return await stage.act("compare_candidate")


BESIDE: Mapping[str, Scene] = {
    "full difference": compared,
    "palette": action("palette"),
    "keys": action("keys"),
    "about": action("about"),
    "reason to reject": reason(Occasion.REJECT),
    "reason to override": reason(Occasion.OVERRIDE),
    "reason to flag": reason(Occasion.FLAG),
    "add a gradient": action("add_gradient"),
    "import": imported,
    "import preview": previewed_import,
    "export": action("export"),
    "export as the trainer sees it": rendered_export,
    "export, written": exported,
    "samples": action("add_samples"),
    **{f"settings: {page.name.lower()}": settings(page) for page in Page},
    "model settings": action("model_settings"),
    "prompts": prompts,
    "continue from here": continuing,
    "what was sent": action("sent"),
    "candidates": candidates,
    "speaking for the user": speaking,
    "a new run": lambda stage: run_page(stage, 0),
    "progress of a run": lambda stage: run_page(stage, 1),
    "earlier runs": lambda stage: run_page(stage, 2),
    "pictures": pictures,
    "cascades, before there is one": action("cascades"),
    "cascades": lambda stage: cascades(stage, CASCADES),
    "cascades under other thresholds": lambda stage: cascades(stage, WHAT_IF),
    "models alone and together": lambda stage: cascades(stage, COMPARED),
    "new cascades": lambda stage: cascades(stage, NEW),
    "asked at ROUTE": asked_at_route,
    "answer by hand": by_hand,
    "model of a role": model_of_a_role,
    "plan trees, before there is one": action("plan_trees"),
    "a new search": new_search,
    "plans over time": lambda stage: plans(stage, written=False),
    "a plan that is written anew": lambda stage: plans(stage, written=True),
    "rewards": rewards,
    "new tasks with plans": new_tasks,
    "plan trees": plan_trees,
    "dashboard": action("dashboard"),
    "team: assign": team(TeamPage.ASSIGN),
    "team: merge": team(TeamPage.MERGE),
    "team: agreement": team(TeamPage.AGREEMENT),
    "team: gold": team(TeamPage.GOLD),
    "team: reliance": team(TeamPage.RELIANCE),
    "approve several": action("several_approve"),
    "reject several": action("several_reject"),
    "assign several": action("several_assign"),
    "save a view": action("save_view"),
    "saved views": views,
    "crash": crashed,
    "unexpected error": unexpected,
}

NOT_OURS = (QFileDialog,)
"""Windows of Qt itself: what can be read and reached in them is its care."""
