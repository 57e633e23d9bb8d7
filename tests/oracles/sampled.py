"""Which of many cases a run tries: everyday runs some of them, a thorough run all.

``SYMDERIVE_THOROUGH=1`` makes a run thorough, as ``.ci/long`` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

THOROUGH = bool(os.environ.get("SYMDERIVE_THOROUGH"))

T = TypeVar("T")


def some(cases: Iterable[T], one_in: int, start: int = 0) -> list[T]:
    """One in so many, by their place and nothing else; all of them in a thorough run."""
    return list(cases) if THOROUGH else list(cases)[start % one_in :: one_in]
