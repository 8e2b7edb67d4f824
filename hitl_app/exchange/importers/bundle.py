"""Our own bundle: everything that a store holds (docs/bundle.md)."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from hitl_app.domain.codec import CodecError, get_int, get_object, get_objects, get_optional_int, get_str
from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.hunk import HunkError, check_hunks
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import (
    Draft,
    ImportedEntry,
    ImportedPart,
    ImportedRecord,
    ImportedRun,
    ImportedTask,
    Rejected,
)
from hitl_app.domain.method_codec import score_from_json
from hitl_app.domain.ports import ImportItem
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.record_codec import entry_from_json
from hitl_app.domain.replan import check_replan
from hitl_app.domain.score import Score
from hitl_app.domain.task import Task
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.domain.team_codec import assignment_from_json, gold_from_json, seed_from_json
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.bundle_files import (
    ASSIGNMENTS,
    DRAFTS,
    FILES,
    FORMAT,
    GOLD,
    INSPECTIONS,
    LEDGER,
    PROPOSALS,
    SCORES,
    SEEDS,
    TASKS,
    TOOLSETS,
    TRAJECTORIES,
    VERSION,
    BadLineError,
    BundleFile,
    read_line,
)
from hitl_app.exchange.bundle_ledger import Histories, Known, check_chain
from hitl_app.exchange.bundle_lines import (
    draft_from_line,
    inspection_from_line,
    points_inside,
    proposal_from_line,
    task_from_line,
    toolset_from_line,
    trajectory_from_line,
)
from hitl_app.exchange.folder import MANIFEST
from hitl_app.exchange.jsonfiles import BadJsonError, parse, read_head

_PARTS = 50
"""Parts of recordings that are merged in one transaction."""

_TASKS_KEPT = 64
"""Tasks that are kept in memory, because several runs may be of one task."""

Arranged = Assignment | GoldItem | Seed
"""What is arranged around decisions."""

_ARRANGED: Mapping[str, Callable[[JsonObject], Arranged]] = {
    ASSIGNMENTS: assignment_from_json,
    GOLD: gold_from_json,
    SEEDS: seed_from_json,
}

T = TypeVar("T")
Item = TypeVar("Item")


class BundleImporter:
    """Everything that a store holds, written by `export --format bundle`."""

    name = "bundle"

    def recognises(self, path: Path) -> bool:
        """Whether the folder, or the manifest of one, says that it is a bundle."""
        manifest = _manifest_of(path)
        if manifest.name != MANIFEST or not manifest.is_file():
            return False
        try:
            head = read_head(manifest)
        except BadJsonError:
            return False
        return isinstance(head, Mapping) and head.get("format") == FORMAT

    def read(self, path: Path) -> Iterator[ImportItem]:
        """Tasks and recordings, what is known of them, and at last the decisions."""
        manifest = _manifest_of(path)
        try:
            about = _read_manifest(manifest)
        except (OSError, BadJsonError, CodecError) as error:
            yield Rejected(str(manifest), f"cannot be read as the manifest of a bundle: {error}")
            return
        yield from _Reading(manifest.parent, about).items()


def _manifest_of(path: Path) -> Path:
    return path / MANIFEST if path.is_dir() else path


def _read_manifest(path: Path) -> JsonObject:
    if path.name != MANIFEST:
        raise CodecError(f"a bundle is a folder with a file {MANIFEST}")
    about = parse(path.read_bytes())
    if not isinstance(about, Mapping) or about.get("format") != FORMAT:
        raise CodecError(f'it has no "format": "{FORMAT}"')
    version = get_int(about, "version")
    if version > VERSION:
        raise CodecError(
            f"version: this is version {version} of the format, and this program reads up to {VERSION}: update it"
        )
    for file in get_objects(about, "files"):
        get_str(file, "name")
    get_optional_int(get_object(about, "ledger"), "entries")
    return about


class _Reading:
    """One bundle while it is read. Memory holds an id and a place for each trajectory, and no content."""

    def __init__(self, folder: Path, about: JsonObject) -> None:
        self._about = about
        self._files = {name: BundleFile(folder, name) for name in FILES}
        self._places: dict[str, int] = {}
        self._task = lru_cache(_TASKS_KEPT)(self._load_task)
        self._known: dict[str, Known] = {}
        self._inspections: dict[str, int] = {}
        self._proposals: dict[str, list[int]] = {}
        self._proposed: dict[str, str] = {}
        self._drafts: list[tuple[int, str]] = []
        self._scores: list[tuple[int, str]] = []

    def items(self) -> Iterator[ImportItem]:
        """Everything, each thing after those that it refers to."""
        ledger = get_object(self._about, "ledger")
        broken = check_chain(self._files[LEDGER], get_optional_int(ledger, "entries"), ledger.get("head"))
        if broken is not None:
            yield broken
            return
        yield from self._read(TASKS, task_from_line, self._add_task)
        yield from self._read(TRAJECTORIES, trajectory_from_line, self._add_trajectory)
        yield from self._parts(TOOLSETS, toolset_from_line, lambda toolset, *_: toolset)
        yield from self._parts(INSPECTIONS, inspection_from_line, self._add_inspection)
        yield from self._parts(PROPOSALS, proposal_from_line, self._add_proposal)
        yield from self._decisions()
        yield from self._altered_files()

    def _read(
        self, name: str, decode: Callable[[JsonObject], T], add: Callable[[T, int, int], Item | None]
    ) -> Iterator[Item | Rejected]:
        """What `add` makes of each line's value, number and place; lines that cannot be taken are rejected."""
        file = self._files[name]
        for number, place, line in file.lines():
            try:
                item = add(read_line(line, decode), number, place)
            except BadLineError as error:
                yield Rejected(file.where(number), str(error))
            else:
                if item is not None:
                    yield item

    def _parts(
        self, name: str, decode: Callable[[JsonObject], T], add: Callable[[T, int, int], ImportedPart | None]
    ) -> Iterator[ImportedRecord | Rejected]:
        """The same for parts of a record, some in one transaction."""
        parts: list[ImportedPart] = []
        items: Iterator[ImportedPart | Rejected] = self._read(name, decode, add)
        for item in items:
            if isinstance(item, Rejected):
                yield item
                continue
            parts.append(item)
            if len(parts) == _PARTS:
                yield ImportedRecord(str(self._files[name].path), tuple(parts))
                parts.clear()
        if parts:
            yield ImportedRecord(str(self._files[name].path), tuple(parts))

    def _add_task(self, task: Task, _: int, place: int) -> ImportedTask:
        self._places[task.id] = place
        return ImportedTask(task)

    def _load_task(self, task_id: str) -> Task:
        return self._files[TASKS].read_at(self._places[task_id], task_from_line)

    def _add_trajectory(self, found: Trajectory, line: int, place: int) -> ImportedRun | None:
        if found.task_id not in self._places:
            raise BadLineError(f"its task {found.task_id[:12]} is missing")
        is_recording = found.lineage_root is None
        if is_recording and found.parent_id is not None:
            raise BadLineError("it has a parent, and names no other trajectory as its root")
        if not is_recording and self._root_of(found.root_id) != found.root_id:
            raise BadLineError(f"its recording {found.root_id[:12]} is missing, or comes later")
        if not is_recording and self._root_of(found.parent_id) != found.root_id:
            raise BadLineError(f"its base {(found.parent_id or 'null')[:12]} is missing, or comes later")
        if not is_recording and self._known[found.root_id].task_id != found.task_id:
            raise BadLineError("it is for another task than its recording")
        known = Known(line, place, found.task_id, found.root_id, found.parent_id, len(found.steps))
        self._known.setdefault(found.id, known)
        return ImportedRun(self._task(found.task_id), found) if is_recording else None

    def _root_of(self, trajectory_id: str | None) -> str | None:
        known = self._known.get(trajectory_id or "")
        return None if known is None else known.root_id

    def _add_inspection(self, inspection: Inspection, _: int, place: int) -> Inspection | None:
        known = self._known.get(inspection.trajectory_id)
        if known is None:
            raise BadLineError(f"its trajectory {inspection.trajectory_id[:12]} is missing")
        if len(inspection.execution.steps) != known.steps or not points_inside(inspection):
            raise BadLineError(f"it is not about the {known.steps} steps of its trajectory")
        if known.root_id == inspection.trajectory_id:
            return inspection
        self._inspections[inspection.trajectory_id] = place
        return None

    def _add_proposal(self, proposal: Proposal, _: int, place: int) -> Proposal | None:
        known = self._known.get(proposal.base_id)
        if known is None:
            raise BadLineError(f"its base {proposal.base_id[:12]} is missing")
        try:
            base = self._files[TRAJECTORIES].read_at(known.place, trajectory_from_line)
            check_hunks(base.steps, proposal.hunks)
            if proposal.replan is not None:
                check_replan(base, proposal.replan)
        except HunkError as error:
            raise BadLineError(str(error)) from error
        self._proposed[proposal.id] = known.root_id
        if known.root_id == proposal.base_id:
            return proposal
        self._proposals.setdefault(proposal.base_id, []).append(place)
        return None

    def _decisions(self) -> Iterator[ImportedRecord | Rejected]:
        """The entries with the revisions that they judged, then unfinished reviews, to be merged as one."""
        histories, head = Histories(self._known, self._proposed), ""
        file = self._files[LEDGER]
        for entry in self._entries():
            head = entry.hash
            if fault := histories.add(entry):
                reason = f"{fault}: no decision on lineage {entry.decision.root_id[:12]} is taken"
                yield Rejected(file.where(entry.sequence), reason)
        for known in self._known.values():
            if known.parent_id is not None and not known.judged_by and known.root_id not in histories.faulty:
                yield Rejected(self._files[TRAJECTORIES].where(known.line), "no entry of the ledger judged it")
        yield from self._read(DRAFTS, draft_from_line, self._add_draft)
        yield from self._read(SCORES, score_from_json, self._add_score)
        arranged = False
        for item in self._arranged():
            arranged = True
            if isinstance(item, Rejected):
                yield item
        if head or self._drafts or self._scores or arranged:
            yield ImportedRecord(str(file.path), self._history(histories.faulty), head)

    def _add_draft(self, draft: Draft, _: int, place: int) -> None:
        if draft.base_id not in self._known:
            raise BadLineError(f"its trajectory {draft.base_id[:12]} is missing")
        self._drafts.append((place, self._known[draft.base_id].root_id))

    def _add_score(self, score: Score, _: int, place: int) -> None:
        known = self._known.get(score.trajectory_id)
        if known is None:
            raise BadLineError(f"its trajectory {score.trajectory_id[:12]} is missing")
        if score.step is not None and not 0 <= score.step < known.steps:
            raise BadLineError(f"step: its trajectory has {known.steps} steps")
        self._scores.append((place, known.root_id))

    def _history(self, faulty: set[str]) -> Iterator[ImportedPart]:
        for entry in self._entries():
            if entry.decision.root_id not in faulty:
                yield self._with_revision(entry)
        for place, root_id in self._drafts:
            if root_id not in faulty:
                yield self._files[DRAFTS].read_at(place, draft_from_line)
        for place, root_id in self._scores:
            if root_id not in faulty:
                yield self._files[SCORES].read_at(place, score_from_json)
        for item in self._arranged():
            if not isinstance(item, Rejected) and item.root_id not in faulty:
                yield item

    def _arranged(self) -> Iterator[Arranged | Rejected]:
        """What was arranged around the decisions."""
        for name, decode in _ARRANGED.items():
            found: Iterator[Arranged | Rejected] = self._read(name, decode, self._add_arranged)
            yield from found

    def _add_arranged(self, found: Arranged, *_: int) -> Arranged:
        if self._root_of(found.root_id) != found.root_id:
            raise BadLineError(f"its recording {found.root_id[:12]} is missing")
        if isinstance(found, Seed) and self._proposed.get(found.proposal_id) != found.root_id:
            raise BadLineError(f"its proposal {found.proposal_id[:12]} is missing")
        return found

    def _entries(self) -> Iterator[LedgerEntry]:
        """The entries once more, after `check_chain` read them all."""
        file = self._files[LEDGER]
        for _, place, _ in file.lines():
            yield file.read_at(place, entry_from_json)

    def _with_revision(self, entry: LedgerEntry) -> ImportedEntry:
        candidate_id = entry.decision.candidate_id or ""
        known = self._known.get(candidate_id)
        if known is None or known.judged_by != entry.sequence:
            return ImportedEntry(entry)
        place = self._inspections.get(candidate_id)
        return ImportedEntry(
            entry,
            self._files[TRAJECTORIES].read_at(known.place, trajectory_from_line),
            None if place is None else self._files[INSPECTIONS].read_at(place, inspection_from_line),
            tuple(
                self._files[PROPOSALS].read_at(place, proposal_from_line)
                for place in self._proposals.get(candidate_id, ())
            ),
        )

    def _altered_files(self) -> Iterator[Rejected]:
        for listed in get_objects(self._about, "files"):
            file = self._files.get(get_str(listed, "name"))
            if file is None:
                continue
            if not file.path.exists():
                yield Rejected(str(file.path), "is missing, although the manifest lists it")
            elif listed.get("sha256") not in (None, file.sha256):
                reason = (
                    "does not have the SHA-256 of the manifest: it was altered or damaged; what could be read is in"
                )
                yield Rejected(str(file.path), reason)
