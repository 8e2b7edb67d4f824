from collections.abc import Iterator
from pathlib import Path

from decisions import Decisions

from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.ports import Revision
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.exporters import trl_dpo, trl_sft


class Undecided(Decisions):
    """A record of recordings on which nobody decided, and that take long to read."""

    def root_ids(self) -> Iterator[str]:
        return iter(f"{number:064x}" for number in range(10))

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        return iter(())

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        raise AssertionError(f"{root_id} was read")


def test_recordings_without_a_decision_are_not_read_for_what_is_made_of_decisions(tmp_path: Path) -> None:
    for target in (trl_dpo.TARGET, trl_sft.TARGET):
        summary = DatasetExporter(target).export(Undecided(()), tmp_path / target.name, ExportSettings())
        assert (summary.files, summary.excluded) == ((), ())
