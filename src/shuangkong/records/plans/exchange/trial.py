"""试做: an act that is done and taken back, to learn whether the store would refuse it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from shuangkong.core.finding import Message
from shuangkong.records.plans.exchange.rows import RowRefused
from shuangkong.records.refusal import Refused


class _Undone(Exception):
    """It would have gone well."""


def attempt(act: Callable[[], object], found: str) -> None:
    """Does an act and takes it back: whatever the store would refuse is told of the row. Raises RowRefused."""
    try:
        with transaction.atomic():
            act()
            raise _Undone
    except _Undone:
        return
    except Refused as refused:
        then = Message("请改正后重新录入。", "Correct it and load again.")
        raise RowRefused(refused.code, refused.field, refused.message, found, then) from refused
