"""Which of many cases a run tries: everyday runs few of them, CI more, a thorough run all.

``SYMDERIVE_CI=1`` makes a run one of CI, as ``.ci/check`` does, and ``SYMDERIVE_THOROUGH=1`` makes it
thorough, as ``.ci/long`` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

THOROUGH = bool(os.environ.get("SYMDERIVE_THOROUGH"))
CI = THOROUGH or bool(os.environ.get("SYMDERIVE_CI"))

T = TypeVar("T")


def some(cases: Iterable[T], one_in: int, start: int = 0, *, ci: int | None = None) -> list[T]:
    """One in so many, by their place and nothing else; CI tries one in ``ci``, a thorough run all."""
    every = ci if CI and ci is not None else one_in
    return list(cases) if THOROUGH else list(cases)[start % every :: every]


def fewer(everyday: int, ci: int) -> int:
    """How many cases are made: CI, and a thorough run, make more of them."""
    return ci if CI else everyday
