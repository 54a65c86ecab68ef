"""Read data/code_counts.csv: what a method trains by the shapes in its released code, where no closed form tells."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.sheets import DATE, DATE_FORM, Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeCount:
    """One row of code_counts.csv: the parameters that a method trains on a backbone, as products of shapes."""

    method: str = column(required=True, leads="methods")
    backbone: str = column(required=True, leads="backbones")
    setting: str = column(required=True)
    terms: str = column(required=True, pattern=r"[0-9][0-9 ()*+]*", form="sums of products of whole numbers")
    trained: str = column(required=True, pattern="[1-9][0-9]*", form="a whole number")
    source: str = column(required=True)
    checked: str = column(required=True, pattern=DATE, form=DATE_FORM)
    row: Row


def total(terms: str) -> int | None:
    """Return what sums and products come to; None for anything else.

    >>> total("2 * (3 + 4) + 1")
    15
    >>> total("2 * (3") is None
    True
    """
    try:
        return _worth(ast.parse(terms, mode="eval").body)
    except (SyntaxError, ValueError):
        return None


def _worth(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        left, right = _worth(node.left), _worth(node.right)
        return left + right if isinstance(node.op, ast.Add) else left * right
    raise ValueError("neither a sum nor a product")


def _does_not_add_up(counts: Iterable[CodeCount]) -> Iterator[Problem]:
    for count in counts:
        if count.row.sound("terms") and count.row.sound("trained") and total(count.terms) != int(count.trained):
            yield count.row.problem(
                f"the terms of '{count.method}' come to {total(count.terms) or 'nothing'}, not to {count.trained}.",
                "Count the shapes again.",
            )


def _stands_twice(counts: Iterable[CodeCount]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for count in counts:
        if (count.method, count.backbone) in seen:
            yield count.row.problem(f"'{count.method}' on '{count.backbone}' stands here twice.", "Keep one row.")
        seen.add((count.method, count.backbone))


RULES = (_does_not_add_up, _stands_twice)
