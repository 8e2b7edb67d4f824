"""What judges gave trajectories, in the table of scores."""

from sqlalchemy import Connection, insert, select

from hitl_app.domain.method_codec import score_from_json, score_to_json
from hitl_app.domain.score import Score
from hitl_app.store import library
from hitl_app.store.records import decode_object, encode
from hitl_app.store.tables import score, trajectory


def add(connection: Connection, given: Score) -> bool:
    """Keep a score; whether it is new. Raises NotFoundError."""
    number = library.number_of(connection, trajectory, given.trajectory_id)
    row = {"trajectory_number": number, "document": encode(score_to_json(given))}
    same = (score.c.trajectory_number == number, score.c.document == row["document"])
    if connection.scalar(select(score.c.number).where(*same)) is not None:
        return False
    connection.execute(insert(score).values(row))
    return True


def load(connection: Connection, trajectory_id: str) -> tuple[Score, ...]:
    """What judges gave a trajectory, oldest first."""
    query = select(score.c.document).join(trajectory, trajectory.c.number == score.c.trajectory_number)
    found = connection.scalars(query.where(trajectory.c.id == trajectory_id).order_by(score.c.number))
    return tuple(score_from_json(decode_object(document)) for document in found)
