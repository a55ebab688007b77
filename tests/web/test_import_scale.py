"""Tables of reports, in small here and by the million in `make soak`: all new, then all the same, none lost."""

from __future__ import annotations

from typing import Any

import pytest
from bench.generated import FULL, SMALL, TASKS
from bench.imports import FILES, take_in
from django.db.models import Q

from shuangkong.records.journal import store as journal
from shuangkong.records.plans.tasks.models import TaskEvent


def _reports() -> int:
    return TaskEvent.objects.filter(kind="report").count()


def test_every_row_comes_in_once(db: None, tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    count = SMALL.plans * TASKS
    told = take_in(SMALL, 2)
    assert (told["new"], told["same"], told["again"]) == (2 * count, count, 0)
    assert _reports() == 2 * count
    assert len(journal.newest(Q(act="exchange.import"), 9)) == 2, "one row a load"


@pytest.mark.soak
def test_a_million_rows_come_in_once(db: None, tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    told = take_in(FULL, FILES)
    assert (told["new"], told["same"], told["again"], _reports()) == (1_000_000, 100_000, 0, 1_000_000)
