"""A plan of our own (that of the demo's fictional county), its regions, and the stores over an empty database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.utils import timezone

from actors import READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

PLAN = Path(__file__).parents[2] / "demo" / "fictional" / "plan.txt"
TOWNS = ("澄湖镇", "柳溪镇", "青石镇", "北坡乡", "芦洲乡", "湖滨工业园")


@pytest.fixture(scope="session")
def document() -> Document:
    return Document(PLAN.name, Medium.TXT, PLAN.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def reading(document: Document) -> Reading:
    return read_plan(document, open_rulebook().lexicon())


@pytest.fixture
def regions(db: None) -> None:
    towns = (RegionRow(f"99990100{n}", name, "town", "999901") for n, name in enumerate(TOWNS, start=1))
    registry.save_regions([*towns, RegionRow("999901", "澄湖县", "county", is_fictional=True)])


@pytest.fixture
def draft(regions: None, document: Document, reading: Reading) -> PlanRow:
    return store.save_reading(document.text.encode(), document, reading, (), READER)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the clock to noon of a day."""

    def turn(day: date) -> None:
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        monkeypatch.setattr("django.utils.timezone.now", lambda: noon)

    return turn
