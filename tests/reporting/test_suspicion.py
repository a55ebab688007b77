"""What looks like one hand, how often checks were right, and who an auditor looks at first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.finding import Message, Severity
from shuangkong.reporting.alarms import Alarms, Fate, alarms
from shuangkong.reporting.proxies import Filing, Limits, Sign, one_hands
from shuangkong.reporting.suspicion import Point, Weights, suspicions

START = datetime(2025, 7, 8, 9, 0, tzinfo=UTC)
LIMITS = Limits(terminal=3, account=2, signatory=3, copies=2, burst=3, minutes=5)
WORDS = Message("甲", "a")


def filing(unit: str, minutes: int = 0, **told: object) -> Filing:
    plain = {"terminal": unit, "account": unit, "signatory": unit, "figures_digest": unit} | told
    return Filing(unit=unit, form="f", period="2025-06", at=START + timedelta(minutes=minutes), **plain)  # type: ignore[arg-type]


def signs(*filings: Filing) -> list[tuple[Sign, tuple[str, ...]]]:
    return [(each.sign, each.units) for each in one_hands(filings, LIMITS)]


def test_units_that_file_for_themselves_are_nothing() -> None:
    assert signs(*(filing(f"u{at}", at * 60) for at in range(20))) == []


def test_one_terminal_for_many_units_and_slowly() -> None:
    told = [filing(f"u{at}", at * 60, terminal="t") for at in range(3)]
    assert signs(*told) == [(Sign.TERMINAL, ("u0", "u1", "u2"))]
    assert signs(*told[:2]) == []


def test_one_after_the_other_within_minutes() -> None:
    told = [filing(f"u{at}", at * 4, terminal="t") for at in range(3)]
    assert (Sign.BURST, ("u0", "u1", "u2")) in signs(*told)
    apart = [filing(f"u{at}", at * 6, terminal="t") for at in range(3)]
    assert Sign.BURST not in {sign for sign, _ in signs(*apart)}


def test_an_agent_files_for_its_group_by_right_but_copies_are_copies() -> None:
    told = [filing(f"u{at}", at, terminal="t", account="a", group="g", figures_digest="same") for at in range(4)]
    assert signs(*told) == [(Sign.COPY, ("u0", "u1", "u2", "u3"))]


def test_an_official_never_files() -> None:
    assert signs(filing("u", is_official=True)) == [(Sign.OFFICIAL, ("u",))]


def test_corrections_of_one_unit_are_no_second_unit() -> None:
    assert signs(*(filing("u", at, terminal="t") for at in range(9))) == []


def test_a_check_that_is_mostly_wrong_shows_first() -> None:
    fates = [("RPT-001", Fate.CORRECTED)] * 20 + [("RPT-020", Fate.EXPLAINED)] * 18 + [("RPT-020", Fate.CONFIRMED)] * 2
    fates += [("RPT-030", Fate.EXPLAINED), ("RPT-040", Fate.OPEN)]
    found = alarms(fates)
    assert [each.code for each in found][:2] == ["RPT-020", "RPT-030"]
    noisy = found[0]
    assert (noisy.fired, noisy.real, noisy.false, noisy.open, noisy.false_pct) == (20, 2, 18, 0, 90)
    # Wilson's interval of 18 in 20 at 95 % begins at 69.9 %.
    assert noisy.at_least_pct == Decimal("69.9")
    assert noisy.is_noisy(Decimal(50))
    assert not found[1].is_noisy(Decimal(50))  # one finding proves little
    assert found[-1].false_pct is None or found[-1].code != "RPT-040"


@given(st.lists(st.tuples(st.sampled_from(["RPT-001", "RPT-002"]), st.sampled_from(list(Fate)))))
def test_every_finding_is_counted_once(fates: list[tuple[str, Fate]]) -> None:
    found = alarms(fates)
    assert sum(each.fired for each in found) == len(fates)
    assert all(each.real + each.false + each.open == each.fired for each in found)


WEIGHTS = Weights(
    severity={Severity.MUST_FIX: Decimal(10), Severity.MUST_EXPLAIN: Decimal(6), Severity.NOTICE: Decimal(1)},
    one_hand=Decimal(8), again=Decimal(2), unknown_pct=Decimal(50),
)  # fmt: skip


def point(unit: str, code: str, period: str = "2025-06", **told: object) -> Point:
    return Point(unit, "f", period, code, Severity.MUST_EXPLAIN, WORDS, **told)  # type: ignore[arg-type]


def test_the_score_is_the_sum_of_parts_that_can_be_followed() -> None:
    known = [Alarms("RPT-120", 10, 8, 2), Alarms("RPT-020", 10, 1, 9)]
    found = suspicions(
        [
            point("b", "RPT-020"), point("b", "RPT-020", "2025-05"),
            point("a", "RPT-120"), point("a", "RPT-120"), point("a", "RPT-155"),
            point("c", "RPT-120", is_answered=True),
        ],
        WEIGHTS,
        known,
    )  # fmt: skip
    assert [(each.unit, each.score) for each in found] == [("a", Decimal("7.8")), ("b", Decimal("0.8")), ("c", 0)]
    first = found[0]
    # 6 × 80 % of the reliable check, once a return; 6 × 50 % of one that nobody has settled yet.
    assert [(part.code, part.points, part.times) for part in first.parts] == [
        ("RPT-120", Decimal("4.8"), 2), ("RPT-155", Decimal("3.0"), 1),
    ]  # fmt: skip
    assert [len(part.evidence) for part in first.parts] == [2, 1]


@given(st.permutations([point(unit, code) for unit in "ab" for code in ("RPT-120", "RPT-020")]))
def test_the_order_of_findings_does_not_matter(points: list[Point]) -> None:
    scores = [(each.unit, each.score) for each in suspicions(points, WEIGHTS)]
    assert scores == [("a", 6), ("b", 6)]
