"""Two trajectories side by side: what each row says, and observations folded to what differs."""

import json

from hitl_app.domain.difference import Difference, RowKind, Version
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.side_by_side import Line, Unit
from hitl_app.domain.step_lines import observation_lines
from hitl_app.domain.trajectory import Recorded, Step, Trajectory, action, message

LOOK = action("look", {"id": 1}, expected=Recorded('{"seats": 3, "open": true}'))


def between(old: list[Step], new: list[Step]) -> Difference:
    return Difference.between(Version(Trajectory("t", tuple(old))), Version(Trajectory("t", tuple(new))))


def texts(lines: tuple[Line, ...] | list[Line]) -> list[str]:
    shown = []
    for line in lines:
        if line.folded is not None:
            shown.append(f"{line.folded.unit} {line.folded.count}")
        elif line.same and line.left is not None:
            shown.append(line.left.text)
        else:
            shown += [f"{sign}{cell.text}" for sign, cell in (("-", line.left), ("+", line.right)) if cell]
    return shown


def test_each_row_says_what_became_of_its_step() -> None:
    other = action("look", {"id": 1}, expected=Recorded('{"seats": 2, "open": true}'))
    book, added = action("book", {"id": 1, "day": "mon", "who": "mia"}), action("pay", {"all": True})
    old = [message("hi"), LOOK, book, message("gone for good"), message("one"), message("two"), message("bye")]
    new = [message("hi"), other, action("book", {**book.arguments, "day": "tue"}), message("two"), message("one")]
    difference = between(old, [*new, added, message("bye")])
    assert difference.kinds.count(RowKind.SAME) == 3
    kinds = {(row.old, row.new): kind for row, kind in zip(difference.rows, difference.kinds, strict=True)}
    assert kinds[1, 1] is RowKind.OBSERVED
    assert kinds[2, 2] is RowKind.CHANGED
    assert kinds[3, None] is RowKind.REMOVED
    assert kinds[None, 5] is RowKind.ADDED
    assert list(kinds.values()).count(RowKind.MOVED_AWAY) == 1
    assert list(kinds.values()).count(RowKind.MOVED_HERE) == 1


def test_an_answer_in_json_is_folded_to_what_differs_in_it() -> None:
    items: list[Json] = [{"id": n, "seats": n, "note": "as ever"} for n in range(120)]
    changed = [*items[:70], {"id": 70, "seats": 0, "note": "as ever"}, *items[71:]]
    lines = observation_lines(json.dumps({"items": items}), json.dumps({"items": changed}))
    assert texts(lines) == [
        "{",
        "  items: [",
        "items 69",
        '    {"id": 69, "seats": 69, "note": "as ever"}',
        "    {",
        "      id: 70",
        "-      seats: 70",
        "+      seats: 0",
        '      note: "as ever"',
        "    }",
        '    {"id": 71, "seats": 71, "note": "as ever"}',
        "items 48",
        "  ]",
        "}",
    ]


def test_an_answer_in_words_keeps_two_lines_around_what_differs() -> None:
    lines = [f"line {n}" for n in range(200)]
    other = [*lines[:120], "another line", *lines[121:]]
    assert texts(observation_lines("\n".join(lines), "\n".join(other))) == [
        "lines 118",
        "line 118",
        "line 119",
        "-line 120",
        "+another line",
        "line 121",
        "line 122",
        "lines 77",
    ]


def test_the_same_json_in_another_order_is_said_to_be_the_same() -> None:
    (line,) = observation_lines('{"a": 1, "b": 2}', '{"b":2,"a":1}')
    assert line.folded is not None
    assert line.folded.unit is Unit.SAME_JSON


def test_a_long_repetitive_answer_is_compared_in_bounded_time_and_says_what_was_left_out() -> None:
    old, new = "a\nb\n" * 150_000, "b\na\na\n" * 100_000
    lines = observation_lines(old, new)
    assert lines[-1].folded is not None
    assert lines[-1].folded.unit is Unit.NOT_COMPARED
