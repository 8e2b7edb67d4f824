"""Everything that a face may call, in one place."""

from dataclasses import dataclass

from hitl_app.domain.crash import CrashReports
from hitl_app.domain.installation import BuildDetails, Places
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
from hitl_app.workflow.models import Models
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
from hitl_app.workflow.trust import Trust
from hitl_app.workflow.views import Views


@dataclass(frozen=True)
class Workspace:
    """An open store with all use cases around it."""

    library: Library
    views: Views
    refinement: Refinement
    review: Review
    bulk: Bulk
    differences: Differences
    pictures: Pictures
    refining: Refining
    continuing: Continuing
    planning: Planning
    comparing: Comparing
    searching: Searching
    routing: Routing
    running: Running
    models: Models
    hand: FaceHand
    exporting: Exporting
    checking_exports: CheckingExports
    scoring: Scoring
    guidelines: ReviewGuidelines
    team: Team
    merging: Merging
    seeding: Seeding
    trust: Trust
    dashboard: Dashboard
    coordination: Coordinating
    samples: Samples
    settings: DeskSettings
    earlier_values: EarlierValuesOf
    classifying: Classifying
    expanding: Expanding
    crashes: CrashReports
    build: BuildDetails
    places: Places
