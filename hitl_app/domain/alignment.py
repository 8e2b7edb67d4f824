"""Two sequences side by side: what both have in common, and which of the rest belongs together."""

from collections.abc import Callable, Hashable, Sequence

MOST_CELLS = 50_000_000
"""Pairs of items up to which the longest common subsequence is found: some 10 ms and 6 MB."""

MOST_SCORES = 60_000
"""Pairs that are scored before only those near the diagonal are."""

NARROWEST = 8

Pairs = list[tuple[int, int]]
Score = Callable[[int, int], float]

_SKIP_LEFT, _SKIP_RIGHT, _PAIR = range(3)


def common(left: Sequence[Hashable], right: Sequence[Hashable]) -> Pairs:
    """Indexes of a longest common subsequence, in order.

    Where there are more than `MOST_CELLS` pairs of items, only the beginning and the end that both share.
    """
    shortest = min(len(left), len(right))
    start = next((i for i in range(shortest) if left[i] != right[i]), shortest)
    rest = shortest - start
    end = next((i for i in range(rest) if left[-1 - i] != right[-1 - i]), rest)
    pairs = [(i, i) for i in range(start)]
    middle = left[start : len(left) - end], right[start : len(right) - end]
    if len(middle[0]) * len(middle[1]) <= MOST_CELLS:
        pairs += [(start + i, start + j) for i, j in _longest(*middle)]
    return pairs + [(len(left) - i, len(right) - i) for i in range(end, 0, -1)]


def _longest(left: Sequence[Hashable], right: Sequence[Hashable]) -> Pairs:
    """Hyyrö's bit-parallel algorithm (2004): one addition of a long number for each item on the right.

    A zero at bit i of row j says that the common subsequence of `left[:i + 1]` and `right[:j]` is longer by one than
    that of `left[:i]`.
    """
    where: dict[Hashable, int] = {}
    for i, item in enumerate(left):
        where[item] = where.get(item, 0) | 1 << i
    mask = (1 << len(left)) - 1
    rows = [mask]
    for item in right:
        row = rows[-1]
        matches = row & where.get(item, 0)
        rows.append((row + matches | row - matches) & mask)
    pairs: Pairs = []
    i, j = len(left), len(right)
    while i and j:
        if rows[j] >> i - 1 & 1:
            i -= 1
        else:
            j -= 1
            if rows[j] >> i - 1 & 1:
                i -= 1
                pairs.append((i, j))
    return pairs[::-1]


def best_pairs(rows: int, columns: int, score: Score) -> Pairs:
    """Pairs in order whose scores add up to the most. What scores nothing is not paired.

    Where there are more than `MOST_SCORES` pairs, only those near the diagonal are looked at.
    """
    if not rows or not columns:
        return []
    width = columns if rows * columns <= MOST_SCORES else max(MOST_SCORES // rows, NARROWEST)
    starts = [max(0, min(i * columns // rows - width // 2, columns - width)) for i in range(rows)]
    choices: list[bytearray] = []
    above, above_start = [0.0] * (width + 1), 0
    for i, start in enumerate(starts):
        row, chosen = [0.0] * (width + 1), bytearray(width + 1)
        row[0] = above[min(start - above_start, width)]
        for k in range(1, width + 1):
            over = start - above_start + k
            best, choice = above[min(over, width)], _SKIP_LEFT
            if row[k - 1] > best:
                best, choice = row[k - 1], _SKIP_RIGHT
            worth = score(i, start + k - 1)
            if worth > 0 and (paired := above[min(over - 1, width)] + worth) > best:
                best, choice = paired, _PAIR
            row[k], chosen[k] = best, choice
        choices.append(chosen)
        above, above_start = row, start
    return _traced(choices, starts)


def _traced(choices: Sequence[bytearray], starts: Sequence[int]) -> Pairs:
    pairs: Pairs = []
    i, k = len(choices) - 1, len(choices[-1]) - 1
    while i >= 0:
        choice = choices[i][k] if k else _SKIP_LEFT
        if choice == _SKIP_RIGHT:
            k -= 1
            continue
        column = starts[i] + k
        if choice == _PAIR:
            column -= 1
            pairs.append((i, column))
        i -= 1
        k = min(column - starts[i], len(choices[i]) - 1) if i >= 0 else 0
    return pairs[::-1]
