"""The Pareto front: what no other method beats in cost and score at once."""

from collections.abc import Sequence


def pareto_front(points: Sequence[tuple[float, float]], *, higher: bool) -> tuple[int, ...]:
    """Return the indices of the points that no other dominates, cheapest first.

    A point is (cost, score); less cost is better, and more score if `higher`, else less. One point dominates another
    if it is no worse in both and better in one; equal points stand on the front together.

    >>> pareto_front([(1, 60), (2, 70), (3, 65)], higher=True)
    (0, 1)
    """
    sign = 1 if higher else -1
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -sign * points[i][1], i))
    front: list[int] = []
    best = float("-inf")
    for i in order:
        score = sign * points[i][1]
        equal = bool(front) and points[i] == points[front[-1]]
        if score > best or equal:
            front.append(i)
            best = max(best, score)
    return tuple(front)
