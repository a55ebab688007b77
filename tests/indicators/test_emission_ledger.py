"""减排台账的算法: the order of acts, carry-over, the roll over years, published arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.indicators.emissions.account import completion, left, total
from shuangkong.indicators.emissions.credit import Credit, by_year, carried, counted
from shuangkong.indicators.emissions.formulas import Months, Sort, reckon
from shuangkong.indicators.emissions.standing import (
    STEPS,
    TRANSITIONS,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    State,
    hindrance,
    standing,
)
from shuangkong.rulebook import open_rulebook

DAY = date(2024, 12, 31)
JANUARY = 2024 * 12
amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10_000), places=3)
credits_ = st.builds(
    Credit,
    project=st.integers(1, 10_000),
    starts=st.integers(JANUARY, JANUARY + 35),
    months=st.sampled_from(Months),
    amount_t=amounts,
)


def credit(starts: int = JANUARY + 3, months: Months = Months.FROM_START) -> Credit:
    return Credit(1, starts, months, Decimal(120))


@settings(deadline=None)
@given(credits_)
def test_what_counts_this_year_and_what_is_carried_are_the_whole(each: Credit) -> None:
    parts = by_year(each)
    assert sum(parts.values()) == each.amount_t
    assert all(part >= 0 for part in parts.values())
    assert set(parts) <= {each.first_month // 12, each.first_month // 12 + 1}
    assert carried(each) == sum(part for year, part in parts.items() if year > each.first_month // 12)


@settings(deadline=None)
@given(st.lists(credits_, max_size=8))
def test_the_years_of_a_ledger_add_up_to_its_credits(every: list[Credit]) -> None:
    assert sum(counted(every, year) for year in range(2023, 2030)) == sum(each.amount_t for each in every)


def test_a_measure_from_april_counts_nine_months_and_carries_three() -> None:
    assert by_year(credit()) == {2024: Decimal(90), 2025: Decimal(30)}
    assert by_year(credit(JANUARY)) == {2024: Decimal(120)}
    assert by_year(credit(months=Months.WHOLE_YEAR)) == {2024: Decimal(120)}


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EventKind), st.sampled_from("abcd")), max_size=12))
def test_acts_come_in_their_order_and_from_different_people(told: list[tuple[EventKind, str]]) -> None:
    """Whatever is tried, what is recognised was reported, checked and reviewed before, by four people."""
    events = [Event(0, EventKind.REPORT, DAY, Decimal(10), "a")]
    for kind, author in told:
        if hindrance(standing(events), kind, author) is None:
            events.append(Event(len(events), kind, DAY, None, author))
    now = standing(events)
    if now.state is State.RECOGNISED:
        since = max(n for n, each in enumerate(events) if each.kind in (EventKind.REPORT, EventKind.CORRECT))
        kinds = [each.kind for each in events[since:]]
        assert kinds[1:] == list(STEPS[1:])
        assert len({each.author for each in events[since:]}) == len(STEPS)
    assert (now.counts_t is not None) == (now.state is State.RECOGNISED)


def test_every_state_is_reached_and_every_refusal_is_told() -> None:
    assert set(TRANSITIONS.values()) == set(State)
    with pytest.raises(CannotHappen):
        standing([Event(1, EventKind.CHECK, DAY)])
    begun = standing([Event(1, EventKind.REPORT, DAY, Decimal(10), "a")])
    assert hindrance(begun, EventKind.RECOGNISE, "b") is Hindrance.STATE
    assert hindrance(begun, EventKind.CHECK, "a") is Hindrance.SAME_PERSON
    lower = standing([
        Event(1, EventKind.REPORT, DAY, Decimal(10), "a"), Event(2, EventKind.CHECK, DAY, Decimal(8), "b"),
        Event(3, EventKind.REVIEW, DAY, None, "c"), Event(4, EventKind.RECOGNISE, DAY, Decimal(7), "d"),
    ])  # fmt: skip
    assert (lower.reported_t, lower.checked_t, lower.reviewed_t, lower.recognised_t) == (10, 8, 8, 7)


def test_key_projects_against_what_was_assigned() -> None:
    assert completion(Decimal("1.08"), Decimal("4.32")) == 25
    assert completion(Decimal(1), None) is None
    assert completion(Decimal(1), Decimal(0)) is None


#: The annexes of a province's plan of 2016-2020: base of 2015 of its fourteen cities, decline, assigned (tonnes, %).
ANNEX = {
    "nh3n": (
        (18948.35, 8.8, 1667.45), (15004.48, 8.8, 1320.39), (9985.98, 8.8, 878.77), (4581.73, 8.8, 403.19),
        (3049.67, 8.8, 268.37), (5884.94, 8.8, 517.87), (7237.44, 8.8, 636.89), (4458.37, 8.8, 392.34),
        (3777.68, 8.8, 332.44), (3286.49, 8.8, 289.21), (7419.83, 8.8, 652.95), (4451.89, 8.8, 391.77),
        (2441.82, 8.8, 214.88), (5762.75, 8.8, 507.12),
    ),
    "cod": (
        (241522.89, 18, 17447.55), (173983.97, 13.4, 12568.56), (99223.61, 14.5, 7167.89), (29902.51, 13.4, 2160.15),
        (32375.49, 13.4, 2338.8), (57368.97, 13.4, 4144.32), (104373.14, 13.4, 7539.89), (39728.1, 13.4, 2869.95),
        (56211.55, 13.4, 4060.71), (26274.3, 14.5, 1898.05), (142602.1, 14.5, 10301.54), (75634.24, 13.4, 5463.8),
        (28637.52, 13.4, 2068.77), (59627.88, 13.4, 4307.5),
    ),
    "so2": (
        (101296.2, 16.5, 12418.98), (103187.6, 16.5, 12650.86), (119537.3, 16.5, 14655.35), (46570.21, 16.5, 5709.54),
        (62277.28, 16.5, 7635.23), (35792.77, 16.5, 4388.22), (45639.71, 16.5, 5595.46), (46395.26, 16.5, 5688.09),
        (92562.13, 16.5, 11348.17), (41397.37, 16.5, 5075.34), (28721.81, 16.5, 3521.31), (43826.01, 16.5, 5373.1),
        (52646.12, 16.5, 6454.45), (51942.6, 16.5, 6368.19),
    ),
    "nox": (
        (82645.57, 17.2, 12790.1), (100267.45, 17.2, 15517.24), (82576.33, 17.2, 12779.39), (39753.84, 17.2, 6152.24),
        (53269.04, 17.2, 8243.83), (21503.33, 17.2, 3327.82), (34639.97, 17.2, 5360.83), (43116.08, 17.2, 6672.58),
        (20860.87, 17.2, 3228.4), (42033.98, 17.2, 6505.11), (28347.83, 17.2, 4387.07), (40418.19, 17.2, 6255.06),
        (29452.86, 17.2, 4558.08), (29123.58, 17.2, 4507.12),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("pollutant", "base", "later", "assigned", "share"),
    [
        ("cod", "1167466.27", "996966.64", "84337.48", "49.5"),
        ("nh3n", "96291.42", "87817.78", "8473.64", "100.0"),
        ("so2", "871792.37", "727946.63", "106882.29", "74.3"),
        ("nox", "648008.92", "536551.39", "100284.87", "90.0"),
    ],
)
def test_the_annexes_of_a_province_add_up(pollutant: str, base: str, later: str, assigned: str, share: str) -> None:
    """Sums of base, of what may be left and of what key projects must do, exact to the printed hundredth."""
    rows = [tuple(Decimal(str(each)) for each in row) for row in ANNEX[pollutant]]
    whole = total({str(n): row[0] for n, row in enumerate(rows)})
    kept = total({str(n): left(row[0], row[1]) for n, row in enumerate(rows)})
    projects = total({str(n): row[2] for n, row in enumerate(rows)})
    assert whole == Decimal(base)
    assert kept.quantize(Decimal("0.01")) == Decimal(later)
    assert projects == Decimal(assigned)
    part = completion(projects, whole - kept)
    assert part is not None
    assert part.quantize(Decimal("0.1")) == Decimal(share)


def test_every_reduction_names_its_measure_and_every_pollutant_has_one() -> None:
    law = open_rulebook().accounting()
    reductions = law.reductions(DAY)
    assert all(each.measure in law.classes.measures for each in reductions.values())
    for pollutant in law.pollutants.values():
        assert any(each.is_for(pollutant.id) for each in reductions.values()), pollutant.id
    assert law.classes.surest(("factor", "automatic", "manual")) == "automatic"


def test_units_are_turned_where_a_formula_is_written_in_milligrams() -> None:
    book = open_rulebook()
    law = book.accounting()
    told = {"volume": Decimal(1_000_000), "concentration": Decimal(50)}
    found = reckon(law.formulas["water_outlet"], told, DAY, book.parameter, law.checks)
    assert found.amount_t == 50
    assert not found.clause.is_verified
    refused = reckon(law.formulas["water_outlet"], told | {"volume": Decimal(-1)}, DAY, book.parameter, law.checks)
    assert (refused.amount_t, [each.code for each in refused.findings]) == (None, ["IND-202"])
    assert "废水量 -1" in refused.findings[0].message.zh
    assert {each.sort for each in law.formulas.values()} == set(Sort)


def test_a_new_pollutant_is_a_file(tmp_path: Path) -> None:
    """Another pollutant with its indicators needs no code: what the ledger knows comes from the folder."""
    import shutil

    from shuangkong.rulebook import Rulebook

    root = tmp_path / "policy"
    shutil.copytree(open_rulebook().folder.root, root)
    text = (root / "national/emissions/pollutants/tp.yaml").read_text(encoding="utf-8").replace("总磷", "氟化物")
    (root / "national/emissions/pollutants/fluoride.yaml").write_text(text, encoding="utf-8")
    assert Rulebook(root).accounting().pollutants["fluoride"].name.zh == "氟化物"
