"""The only composition root: builds every part and wires it to the others.

A trajectory flows import -> inspect -> evolve -> decide -> verify -> export. Each stage is a use case of
`Workspace`; below are the parts that the stages work with.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hitl_app.domain.installation import Places
from hitl_app.domain.ports import Clock, ModelServers, Store
from hitl_app.domain.store_file import STORE
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.environments.travel.tasks import generate_tasks
from hitl_app.exchange.calls import read_calls
from hitl_app.exchange.checking.checker import FolderChecker
from hitl_app.exchange.exporters import exporters
from hitl_app.exchange.importers.discovery import known_importers
from hitl_app.exchange.reading import read_path
from hitl_app.exchange.rendering.process import SERVER as TEMPLATE_SERVER
from hitl_app.exchange.rendering.process import TemplateProcess
from hitl_app.exchange.rows import read_rows
from hitl_app.llm.prompts import PromptFiles
from hitl_app.refine.lessons import PromptLessons
from hitl_app.store import open_store
from hitl_app.system.build import build_details
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
from hitl_app.system.guidelines import FolderGuidelines
from hitl_app.system.paths import environments_dir, make_private, resource
from hitl_app.system.portable import portable_folder
from hitl_app.system.program import command_of, is_frozen
from hitl_app.system.secrets import Secrets
from hitl_app.workflow.bulk import Bulk
from hitl_app.workflow.checking_exports import CheckingExports
from hitl_app.workflow.classifying import Classifying
from hitl_app.workflow.comparing import Comparing
from hitl_app.workflow.continuing import Continuing
from hitl_app.workflow.coordination import Coordinating
from hitl_app.workflow.dashboard import Dashboard
from hitl_app.workflow.differences import Differences
from hitl_app.workflow.earlier_values import EarlierValuesOf
from hitl_app.workflow.expanding import Expanding
from hitl_app.workflow.exporting import Exporting
from hitl_app.workflow.guidelines import ReviewGuidelines
from hitl_app.workflow.hands import FaceHand
from hitl_app.workflow.library import Library
from hitl_app.workflow.merging import Merging
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.pictures import Pictures
from hitl_app.workflow.planning import Planning
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.refining import Refining
from hitl_app.workflow.review import Review
from hitl_app.workflow.routing import Routing
from hitl_app.workflow.running import Running
from hitl_app.workflow.samples import Samples
from hitl_app.workflow.scoring import Scoring
from hitl_app.workflow.searching import Searching
from hitl_app.workflow.seeding import Seeding
from hitl_app.workflow.settings import DeskSettings
from hitl_app.workflow.team import Team
from hitl_app.workflow.threads import Threads
from hitl_app.workflow.trust import Trust
from hitl_app.workflow.views import Views
from hitl_app.workflow.workspace import Workspace


@dataclass(frozen=True)
class Application:
    """An open workspace and the way to close it."""

    workspace: Workspace
    close: Callable[[], None]


def build(data_dir: Path, env_dir: Path | None = None, clock: Clock | None = None) -> Application:
    """Open the store in a data folder and build everything around it.

    Args:
        data_dir: Folder of the store, created where it is missing; or the store's file, whatever its name.
        env_dir: Folder of installed environments; None takes the user's.
        clock: The time that goes on record; None takes the real one.

    Raises:
        StoreError: The store cannot be opened; says why and what to do.
    """
    threads, clock, place = Threads(), clock or SystemClock(), data_dir
    try:
        if data_dir.is_file() and data_dir.stat().st_size:  # an empty file is somebody else's, never a new store
            file, data_dir = data_dir, data_dir.parent
        else:
            file = make_private(data_dir) / STORE
        store: Store = threads.in_database(open_store, file, clock)
    except BaseException:
        threads.close()
        raise
    env_dir = env_dir or environments_dir()
    environments = EnvironmentRegistry(env_dir)
    secrets = Secrets(os.environ)
    prompts = PromptFiles(resource("prompts"), data_dir / "prompts")
    hand = FaceHand()
    chosen = Chosen(os.environ.get("HITL_APP_BASE_URL", ""), os.environ.get("HITL_APP_MODEL", ""))

    def open_servers() -> ModelServers:
        from hitl_app.llm.pasting import PastingServers  # noqa: PLC0415 -- as below
        from hitl_app.llm.servers import OpenAIServers  # noqa: PLC0415 -- its library takes 0.7 s to import

        return PastingServers(hand, clock, OpenAIServers(secrets, clock))

    models = Models(store, threads, open_servers=open_servers, secrets=secrets, prompts=prompts, chosen=chosen)
    running = Running(store, threads, models, clock, read_calls)
    refinement = Refinement(store, environments, threads)
    library = Library(store, threads, read_path, lambda: known_importers().formats)
    review = Review(store, refinement, threads, clock)
    classifying = Classifying(store, threads, clock, refinement=refinement, models=models, running=running)
    workspace = Workspace(
        library=library,
        refinement=refinement,
        review=review,
        views=Views(store, threads),
        bulk=Bulk(store, threads, clock),
        differences=Differences(threads),
        pictures=Pictures(threads),
        refining=Refining(store, threads, refinement=refinement, review=review, models=models, running=running),
        continuing=Continuing(store, threads, refinement=refinement, review=review, models=models, running=running),
        planning=Planning(store, threads, refinement=refinement, review=review, models=models, running=running),
        comparing=Comparing(
            store, threads, refinement=refinement, models=models, running=running, generate_tasks=generate_tasks
        ),
        searching=Searching(store, threads, refinement=refinement, models=models, running=running),
        routing=Routing(store, threads, refinement=refinement, models=models, running=running),
        running=running,
        models=models,
        hand=hand,
        exporting=Exporting(
            store,
            exporters(PromptLessons(prompts)),
            threads,
            read_rows=read_rows,
            renderer=TemplateProcess(resource("templates/chatml.jinja"), command_of(TEMPLATE_SERVER)),
            place=place,
        ),
        checking_exports=CheckingExports(FolderChecker(None if is_frozen() else Path(sys.executable)), threads),
        scoring=Scoring(store, threads, clock, library=library, models=models, running=running),
        guidelines=ReviewGuidelines(FolderGuidelines(resource("guidelines"), data_dir / "guidelines"), threads),
        team=Team(store, threads, clock),
        merging=Merging(store, threads),
        seeding=Seeding(store, threads, clock, refinement),
        trust=Trust(store, threads),
        dashboard=Dashboard(store, threads),
        coordination=Coordinating(store, threads),
        samples=Samples(store, threads, sample_runs),
        settings=DeskSettings(store, threads),
        earlier_values=EarlierValuesOf(threads),
        classifying=classifying,
        expanding=Expanding(
            store, threads, refinement=refinement, models=models, running=running, classifying=classifying
        ),
        crashes=CrashFolder(data_dir / "crashes", clock),
        build=build_details(),
        places=Places(data_dir.absolute(), env_dir, portable=portable_folder() is not None),
    )

    def close() -> None:
        models.close()
        threads.close(environments.close, store.close)

    return Application(workspace, close)
