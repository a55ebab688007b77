"""当时的任务: many tasks as they stood at the end of a past day, as many as one answer holds."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.refusal import Refused

#: So many tasks are replayed for one answer; of more, one chooses a plan, a body or a place.
MOST = 5_000


def stood(condition: Q, until: date) -> tuple[TaskRow, ...]:
    """The tasks that meet a condition of today, as they stood at the end of a day. 6 queries.

    Raises:
        Refused: they are more than MOST.
    """
    count = store.count(condition)
    if count > MOST:
        zh = f"这里有 {count} 项任务，过去的情况一次最多显示 {MOST} 项。请先选方案、单位或地区。"
        en = f"There are {count} tasks here; the past is shown of {MOST} at most. Choose a plan, body or place first."
        raise Refused("TSK-601", zh, en)
    return store.tasks_then(condition, until)
