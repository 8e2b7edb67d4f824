"""Words for runs, so that the live view and the record say the same."""

from collections import Counter
from datetime import datetime

from hitl_app.domain.model import Usage
from hitl_app.domain.run import Arm, Run, RunSettings, RunStatus, TaskStatus
from hitl_app.ui.board import TaskLine, is_interrupted
from hitl_app.ui.step_text import one_line
from hitl_app.ui.translating import translate
from hitl_app.ui.words import stage_name


def status_word(status: TaskStatus) -> str:
    """How a task ended, with a sign."""
    return {
        TaskStatus.VERIFIED: "✓ " + translate("Run", "verified"),
        TaskStatus.UNVERIFIED: "? " + translate("Run", "unverified"),
        TaskStatus.FAILED: "✕ " + translate("Run", "failed"),
        TaskStatus.CANCELLED: "■ " + translate("Run", "stopped"),
    }[status]


def task_state_words(line: TaskLine, gate: str) -> str:
    """The stage that a task is in, the gate where it waits for the person, or how it ended."""
    if line.status is not None:
        return status_word(line.status)
    if gate:
        return "▶ " + translate("Run", "{0}: waits for you").format(gate)
    return "◌ " + (stage_name(line.stage) if line.stage is not None else translate("Run", "begins"))


def losses_word(line: TaskLine) -> str:
    """Sums of the losses, before and now; the arrow follows the order of losses, which sums need not."""
    if line.before is None or line.now is None:
        return "–"
    before, now = line.before.rank, line.now.rank
    sign = "▼" if now < before else "▲" if now > before else ""
    return f"{line.before.total} → {line.now.total} {sign}".strip()


def spent_words(usage: Usage) -> tuple[str, str]:
    """Tokens, and US dollars; `≈` where tokens are estimated, a dash where no price is known."""
    tokens = f"{'' if usage.measured else '≈'}{usage.tokens:,}"
    return tokens, "–" if usage.usd is None else f"{usage.usd:.4f}"


def duration_words(seconds: float) -> str:
    """`m:ss`, or `h:mm:ss`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def time_words(moment: str) -> str:
    """A moment of the record in local time, to the minute."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def run_status_words(run: Run, under_way: str) -> str:
    """Where a run stands."""
    if run.id == under_way:
        return "◌ " + translate("Run", "under way")
    if run.status is RunStatus.RUNNING:
        return "■ " + translate("Run", "interrupted")
    return "■ " + translate("Run", "stopped") if run.status is RunStatus.CANCELLED else "✓ " + translate("Run", "ended")


def run_result_words(run: Run) -> str:
    """How many of its tasks ended how."""
    counts = Counter(result.status for result in run.results)
    return ", ".join(f"{counts[status]} {status_word(status)}" for status in TaskStatus if counts[status]) or "–"


def who_words(settings: RunSettings, *, blind: bool) -> str:
    """What proposes in a run, by its name; not to the blind."""
    return translate("Run", "name hidden") if blind else one_line(settings.model or settings.proposer)


def run_text(run: Run, under_way: str, *, blind: bool) -> str:
    """Settings and results of a run in full, as lines; without names for the blind."""
    settings, budget = run.settings, run.settings.budget
    ceilings = [translate("Run", "{0} iterations a task").format(budget.iterations)]
    if budget.tokens is not None:
        ceilings.append(translate("Run", "{0} tokens").format(f"{budget.tokens:,}"))
    if budget.usd is not None:
        ceilings.append(f"{budget.usd:g} USD")
    if budget.seconds is not None:
        ceilings.append(duration_words(budget.seconds))
    gates = translate("Run", "a person at the gates") if settings.arm is Arm.HUMAN else translate("Run", "autonomous")
    names = " ".join(filter(None, (settings.proposer, settings.model, settings.base_url)))
    lines = [
        f"{settings.command} {run.id[:12]}: {run_status_words(run, under_way)}",
        translate("Run", "proposer: {0}").format(translate("Run", "name hidden") if blind else names),
        translate("Run", "{0}; at most {1}; tasks at a time: {2}").format(
            gates, ", ".join(ceilings), settings.concurrency
        ),
    ]
    if is_interrupted(run, under_way):
        ended = sum(result.status is not TaskStatus.CANCELLED for result in run.results)
        lines.append(
            translate("Run", "{0} of {1} tasks have ended; the rest can be resumed").format(ended, len(settings.starts))
        )
    for result in run.results:
        losses = f"{result.before.total} → {result.after.total}" if result.before and result.after else "–"
        words = (status_word(result.status), one_line(result.task), losses, result.error or result.stopped_by)
        lines.append("  ".join(filter(None, map(one_line, words))))
    return "\n".join(lines)
