"""The ledger of certificates in the database: all rows or none, never changed, as it stood on any day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import CLERK
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.quotas.models import CertificateEntry, CertificatePosting
from shuangkong.records.quotas.rows import LedgerReport, Told
from shuangkong.records.quotas.store import entries, holders, net_power
from shuangkong.records.quotas.taking import open_holder, take_entries
from shuangkong.records.quotas.telling import tell_net_power
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

COUNTY, ELSEWHERE = "999901", "999801"
STATION, MILL, SELLER = "澄湖光伏电站", "澄湖水泥厂", "外省风电场"


@pytest.fixture
def ledger(regions: None) -> None:
    registry.save_regions([RegionRow(ELSEWHERE, "远山县", "county", is_fictional=True)])
    for name, region in ((STATION, COUNTY), (MILL, "999901003"), (SELLER, ELSEWHERE)):
        open_holder(name, region, COUNTY, CLERK)


def told(act: str, first: int, last: int, giver: str = "", taker: str = "", **more: str) -> Told:
    said = {"on": "2024-03-01", "ground": "交易凭证"} | more
    return Told(act, "A", str(first), str(last), giver, taker, **said)


def take(*rows: Told, by: Acting = CLERK, is_dry_run: bool = False) -> LedgerReport:
    return take_entries(rows, by, source="", is_dry_run=is_dry_run)


def codes(report: LedgerReport) -> list[str]:
    return [each.code for each in report.verdicts]


def balances() -> dict[str, tuple[int, int]]:
    return {row.name: (row.held, row.retired) for row in holders(Q())}


def test_balances_follow_the_entries(ledger: None) -> None:
    report = take(
        told("核发", 1, 100, taker=SELLER), told("转让", 1, 60, SELLER, MILL), told("核销", 1, 40, MILL),
        told("核发", 101, 120, taker=STATION),
    )  # fmt: skip
    assert report.journal is not None
    assert balances() == {SELLER: (40, 0), MILL: (20, 40), STATION: (20, 0)}
    assert CertificatePosting.objects.aggregate(all=Sum("amount"))["all"] == 0


def test_one_refused_row_and_nothing_is_written(ledger: None) -> None:
    report = take(told("核发", 1, 10, taker=MILL), told("核销", 1, 5, MILL), told("转让", 5, 6, MILL, STATION))
    assert codes(report) == ["QTA-200", "QTA-200", "QTA-305"]
    assert report.refused[0].row == 4
    assert not CertificateEntry.objects.exists()
    assert not JournalRow.objects.filter(act="certificate.record").exists()


def test_a_dry_run_says_the_same_and_writes_nothing(ledger: None) -> None:
    assert codes(take(told("核发", 1, 10, taker=MILL), is_dry_run=True)) == ["QTA-200"]
    assert not CertificateEntry.objects.exists()
    take(told("核发", 1, 10, taker=MILL))
    assert codes(take(told("核发", 10, 12, taker=MILL), is_dry_run=True)) == ["QTA-303"]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (told("赠送", 1, 2, MILL), "QTA-201", "act"),
        (told("核发", 1, 2, taker="没有的厂"), "QTA-202", "taker"),
        (Told("核发", "A", "一", "2", "", MILL, "2024-03-01", "", "凭证"), "QTA-203", "first"),
        (Told("核发", "A", "1", "9" * 19, "", MILL, "2024-03-01", "", "凭证"), "QTA-203", "last"),
        (told("核发", 1, 2, taker=MILL, on="去年"), "QTA-204", "on"),
        (told("核发", 1, 2, taker=MILL, on="2999-01-01"), "QTA-204", "on"),
        (told("核发", 1, 2, taker=MILL, has_power="也许"), "QTA-205", "has_power"),
        (told("核发", 1, 2, taker=MILL, ground=" "), "QTA-206", "ground"),
        (told("核发", 3, 2, taker=MILL), "QTA-301", "first"),
        (told("核发", 1, 2, MILL, MILL), "QTA-302", "giver"),
        (told("核销", 1, 2, MILL), "QTA-304", "first"),
    ],
)
def test_each_refusal_names_its_column(ledger: None, row: Told, code: str, field: str) -> None:
    (verdict,) = take(row).verdicts
    assert (verdict.code, verdict.field) == (code, field)


def test_who_keeps_another_place_may_not_move_what_is_here(ledger: None) -> None:
    take(told("核发", 1, 10, taker=MILL))
    path = registry.paths([ELSEWHERE])[ELSEWHERE]
    other = Acting("other", Role.PLAN_OFFICE, paths=(path,))
    assert codes(take(told("核销", 1, 5, MILL), by=other)) == ["QTA-202"]  # it does not even see the account
    with pytest.raises(Forbidden):
        open_holder("某厂", COUNTY, COUNTY, other)
    with pytest.raises(Forbidden):
        take(told("核销", 1, 5, MILL), by=Acting("auditor", Role.AUDITOR, paths=("/",)))


def test_accounts_bear_one_name_in_a_place(ledger: None) -> None:
    with pytest.raises(Refused, match="QTA-103"):
        open_holder(f" {MILL}", COUNTY, COUNTY, CLERK)
    with pytest.raises(Refused, match="QTA-102"):
        open_holder("  ", COUNTY, COUNTY, CLERK)
    with pytest.raises(Refused, match="QTA-101"):
        open_holder("厂", "000000", COUNTY, CLERK)


def test_the_database_refuses_to_change_an_entry(ledger: None) -> None:
    take(told("核发", 1, 10, taker=MILL))
    for act in (
        lambda: CertificateEntry.objects.update(last=20),
        lambda: CertificatePosting.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_past_day_sees_what_was_known_then(ledger: None) -> None:
    take(told("核发", 1, 10, taker=MILL))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert entries(Q(), yesterday) == ()
    assert holders(Q(), yesterday) == ()
    assert len(entries(Q(), timezone.localdate())) == 1


def test_what_crosses_provinces_becomes_a_told_fact_and_counts_once(ledger: None) -> None:
    take(
        told("核发", 1, 3000, taker=SELLER), told("转让", 1, 1000, SELLER, MILL),
        told("转让", 1001, 1500, SELLER, STATION, has_power="是"), told("转让", 1, 200, MILL, STATION),
    )  # fmt: skip
    here = registry.paths([COUNTY])[COUNTY]
    there = registry.paths([ELSEWHERE])[ELSEWHERE]
    net, other = net_power(here, 2024), net_power(there, 2024)
    assert (net.without_power, net.with_power) == (1000, 500)
    assert (other.without_power, other.with_power) == (-1000, -500)
    assert tell_net_power(COUNTY, 2024, CLERK).load is not None
    assert [each.verdict for each in tell_net_power(COUNTY, 2024, CLERK).verdicts] == ["same", "same"]
    cells = [
        Cell(Subject("region", COUNTY), name, Period(2024)) for name in ("certificate_power", "green_power_inflow")
    ]
    found = facts_for(cells)
    assert [(found[cell].value, found[cell].unit) for cell in cells] == [
        (Decimal(1_000_000), "kwh"),
        (Decimal(500_000), "kwh"),
    ]


def test_of_a_year_without_a_rule_the_power_is_missing_and_nothing_is_told(ledger: None) -> None:
    net = net_power(registry.paths([COUNTY])[COUNTY], 1950)
    assert (net.without_power, net.kwh_each, net.without_power_kwh, net.with_power_kwh) == (0, None, None, None)
    with pytest.raises(Refused, match="没有每张绿证"):
        tell_net_power(COUNTY, 1950, CLERK)


def test_queries_do_not_grow_with_rows(ledger: None) -> None:
    def asked(first: int, count: int) -> int:
        rows = [told("核发", first + each, first + each, taker=MILL) for each in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert take(*rows).journal is not None
        return len(queries)

    asked(1, 1)  # makes the batch
    assert asked(10, 1) == asked(1000, 100)
