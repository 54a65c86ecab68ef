"""Make one test of many cases of the data: all that fail are named together, and nothing is read to collect them."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

Cases = Iterable[Any] | Callable[[], Iterable[Any]]


def each(names: str, cases: Cases, ids: Callable[[Any], str] = str) -> Callable[[Callable[..., None]], Any]:
    """Return a decorator, written like `pytest.mark.parametrize`, under which one test goes through every case.

    `cases` may be a function, which is asked when the test runs. Without a single case the test fails.
    """
    wanted = names.replace(" ", "").split(",")

    def fold(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def test_every(**fixtures: Any) -> None:
            tried, offenders = 0, []
            for case in cases() if callable(cases) else cases:
                tried += 1
                values = case if len(wanted) > 1 else (case,)
                try:
                    test(**dict(zip(wanted, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    offenders.append(f"{ids(case)}: {type(error).__name__}: {error}")
            if offenders:
                raise AssertionError(f"{len(offenders)} of {tried} cases:\n" + "\n".join(offenders))
            if not tried:
                raise AssertionError("there is no case")

        parameters = inspect.signature(test).parameters
        left = [parameter for name, parameter in parameters.items() if name not in wanted]
        test_every.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in left]
        )
        return test_every

    return fold
