"""Agreement: how far people who decided by themselves agree, and where they do not."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from hitl_app.domain.decision import ReviewStatus
from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.team.figures import coefficient_words, question_words, verdict_words
from hitl_app.workflow.team import AgreementReport


class AgreementPage(QWidget):
    """Figures by question and by pair, and the disputes.

    Signals:
        refresh_requested: Measure again.
        open_requested: Root id of a disputed trajectory.
    """

    refresh_requested = Signal()
    open_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = paragraph(self.tr("Measuring…"), tone="muted")
        self.refresh = QPushButton(self.tr("&Measure again"))
        self.refresh.clicked.connect(self.refresh_requested)
        self.questions = Table(
            self.tr("Agreement by question"),
            [self.tr("Question"), self.tr("Answered by several"), self.tr("Equal"), self.tr("Krippendorff's alpha")],
        )
        self.pairs = Table(
            self.tr("Agreement by pair"),
            [self.tr("Pair and question"), self.tr("Both answered"), self.tr("Equal"), self.tr("Cohen's kappa")],
        )
        self.disputes = Table(
            self.tr("Different verdicts"), [self.tr("Trajectory"), self.tr("Stands"), self.tr("Who said what")]
        )
        self.disputes.itemActivated.connect(lambda: self.open_requested.emit(self.disputes.current_key()))
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        for table in (self.questions, self.pairs, self.disputes):
            tables.addWidget(table)
        layout = column(self)
        layout.addWidget(self.words)
        layout.addWidget(tables, 1)
        layout.addWidget(self.refresh, 0, Qt.AlignmentFlag.AlignRight)

    def show_report(self, report: AgreementReport) -> None:
        """Show the figures; intervals are the bootstrap's at 95 %."""
        answered = [question for question in report.questions if question.n]
        self.questions.show_rows(
            [
                [
                    question_words(q.question),
                    str(q.n),
                    "–" if q.observed is None else f"{round(100 * q.observed)} %",
                    coefficient_words(q.alpha),
                ]
                for q in report.questions
            ]
        )
        self.pairs.show_rows(
            [
                [
                    f"{pair.first}, {pair.second}: {question_words(q.question)}",
                    str(pair.n),
                    str(pair.equal),
                    coefficient_words(pair.kappa),
                ]
                for q in answered
                for pair in q.pairs
            ]
        )
        self.disputes.show_rows(
            [
                [
                    each.title,
                    self.tr("disputed") if each.status is ReviewStatus.DISPUTED else self.tr("settled"),
                    "; ".join(f"{name}: {verdict_words(verdict)}" for name, verdict in each.verdicts),
                ]
                for each in report.disputes
            ],
            [each.root_id for each in report.disputes],
        )
        if answered:
            words = self.tr(
                "Only decisions that people made without sight of each other count. 1 is perfect agreement, 0 is what "
                "chance gives. Return opens a disputed trajectory: whoever decides there settles it."
            )
        else:
            words = self.tr(
                "No trajectory was decided on by two people without sight of each other yet. Assign some to several "
                "people, or merge a colleague's store."
            )
        self.words.setText(words)
