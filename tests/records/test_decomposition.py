"""How targets are shared out: whose they are, what their base is, what is left over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.rows import TargetRow


@pytest.fixture
def adopted(draft: PlanRow) -> tuple[TargetRow, ...]:
    for entry in store.undecided(draft.id):
        store.decide(entry.id, Verdict.ACCEPTED, "clerk")
    store.adopt(draft.id, "chief")
    return targets.targets(draft.id)


def the(rows: tuple[TargetRow, ...], indicator: str, subject: str, kind: str) -> TargetRow:
    return next(row for row in rows if (row.indicator, row.subject_code, row.kind) == (indicator, subject, kind))


def test_headlines_are_those_of_the_goals(adopted: tuple[TargetRow, ...]) -> None:
    assert [row.indicator for row in adopted if row.is_headline] == [
        "energy_intensity", "consumption_increment", "cod_total", "nh3n_total", "cod_project_reduction",
        "nox_project_reduction", "non_fossil_share",
    ]  # fmt: skip
    assert targets.headlines() == tuple(row for row in adopted if row.is_headline)


def test_what_is_not_shared_out_is_a_line_of_its_own(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "consumption_increment", "999901", "cap_increment")
    lines = targets.shares(parent.id)
    assert [line.kind for line in lines] == ["child"] * 6 + ["reserve"]
    assert lines[-1].value == Decimal(18) - sum(map(Decimal, ("5.2", "3.1", "2.4", "1.1", "0.9", "4.3")))
    assert parent.reserve == Decimal("1.0")
    assert "方案未载" in lines[-1].note_zh


def test_rates_do_not_add_up_to_a_reserve(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "energy_intensity", "999901", "reduction_rate")
    assert {line.kind for line in targets.shares(parent.id)} == {"child"}


def test_a_town_has_the_base_of_its_row(adopted: tuple[TargetRow, ...]) -> None:
    town = the(adopted, "cod_total", "999901003", "reduction_rate")
    assert (town.subject_name, town.value, town.base_value, town.base_unit) == (
        "青石镇", Decimal(10), Decimal("1120.8"), "吨",
    )  # fmt: skip
    assert town.table is not None
    assert town.table[0] == 2
    rate = the(adopted, "energy_intensity", "999901003", "reduction_rate")
    assert rate.base_value is None


def test_a_map_is_the_same_goal_of_all_subjects(adopted: tuple[TargetRow, ...]) -> None:
    parent = the(adopted, "energy_intensity", "999901", "reduction_rate")
    rows = targets.same_goal(parent.id)
    assert rows[0] == parent
    assert len({row.subject_code for row in rows}) == 7


def test_targets_of_one_subject(adopted: tuple[TargetRow, ...]) -> None:
    rows = targets.targets_of("region", "999901006")
    assert {row.subject_name for row in rows} == {"湖滨工业园"}
    assert len(rows) == 4
