"""How many made-up examples a test tries: few in a usual run, many in ``make soak``."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

#: Set by ``make soak``, which runs the tests marked ``tried`` with many examples.
IS_SOAK = bool(os.environ.get("SHUANGKONG_SOAK"))


def tries[**P](usual: int, many: int, **more: Any) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Settings of a test over made-up examples, whatever time they take; chance differs from run to run."""
    given = settings(max_examples=many if IS_SOAK else usual, deadline=None, **more)

    def tried(test: Callable[P, None]) -> Callable[P, None]:
        marked: Callable[P, None] = pytest.mark.tried(given(test))
        return marked

    return tried
