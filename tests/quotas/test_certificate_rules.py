"""The ledger of certificates: nothing is made or lost, nothing counts twice, what is retired stands still."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.quotas.certificates import (
    Account,
    Act,
    Book,
    Entry,
    Hindrance,
    Span,
    net_between_provinces,
    postings,
)

DAY = date(2024, 3, 1)
HOLDERS = (1, 2, 3, 4)
#: Holders 1 and 2 are of one province, 3 and 4 of others.
PROVINCES = {1: "11", 2: "11", 3: "12", 4: "13"}

spans = st.builds(
    lambda batch, first, count: Span(batch, first, first + count - 1),
    st.sampled_from(("A", "B")),
    st.integers(1, 30),
    st.integers(1, 12),
)
holders = st.none() | st.sampled_from(HOLDERS)
acts = st.lists(st.tuples(st.sampled_from(Act), spans, holders, holders, st.booleans()), max_size=40)


def issue(first: int, last: int, taker: int = 1) -> Entry:
    return Entry(Act.ISSUE, Span("A", first, last), DAY, taker=taker)


def transfer(first: int, last: int, giver: int, taker: int, *, has_power: bool = False) -> Entry:
    return Entry(Act.TRANSFER, Span("A", first, last), DAY, giver, taker, has_power)


def retire(first: int, last: int, giver: int) -> Entry:
    return Entry(Act.RETIRE, Span("A", first, last), DAY, giver)


def made(tried: list[tuple[Act, Span, int | None, int | None, bool]]) -> tuple[Book, list[Entry]]:
    """What a ledger becomes of any row of attempts, those left out that it refuses."""
    book, entries = Book(), []
    for number, (act, span, giver, taker, has_power) in enumerate(tried):
        entry = Entry(act, span, DAY + timedelta(days=number), giver, taker, has_power)
        if book.hindrance(entry) is None:
            book.take(entry)
            entries.append(entry)
    return book, entries


@given(acts)
def test_accounts_add_up_to_nothing_and_to_the_serials_that_stand(tried: list) -> None:  # type: ignore[type-arg]
    book, entries = made(tried)
    accounts: Counter[tuple[Account, int | None]] = Counter()
    for entry in entries:
        sides = postings(entry)
        assert sum(side.amount for side in sides) == 0
        for side in sides:
            accounts[side.account, side.holder] += side.amount
    assert sum(accounts.values()) == 0
    standing: Counter[tuple[Account, int | None]] = Counter()
    for piece in book.pieces():
        account = Account.RETIRED if piece.is_retired else Account.HOLDING
        standing[account, piece.holder] += piece.span.count
    standing[Account.ISSUANCE, None] = -sum(standing.values())
    assert +accounts == +standing
    assert -accounts == -standing


@given(acts)
def test_no_serial_stands_twice(tried: list) -> None:  # type: ignore[type-arg]
    serials = [
        (piece.span.batch, serial)
        for piece in made(tried)[0].pieces()
        for serial in range(piece.span.first, piece.span.last + 1)
    ]
    assert len(serials) == len(set(serials))


@given(acts)
def test_what_is_retired_stays_where_it_is(tried: list) -> None:  # type: ignore[type-arg]
    book, entries = made(tried)
    retired: dict[tuple[str, int], int | None] = {}
    for entry in entries:
        for serial in range(entry.span.first, entry.span.last + 1):
            key = (entry.span.batch, serial)
            assert key not in retired, "moved after it was retired"
            if entry.act is Act.RETIRE:
                retired[key] = entry.giver
    stands = {
        (piece.span.batch, serial): piece.holder
        for piece in book.pieces()
        if piece.is_retired
        for serial in range(piece.span.first, piece.span.last + 1)
    }
    assert stands == retired


@given(acts)
def test_replaying_the_entries_gives_the_same_book(tried: list) -> None:  # type: ignore[type-arg]
    book, entries = made(tried)
    assert Book.replayed(entries).pieces() == book.pieces()


def nets(entries: list[Entry], *, has_power: bool, year: int = DAY.year) -> dict[str, int]:
    """Province → what came to it, less what went."""
    return {
        province: net_between_provinces(
            entries,
            PROVINCES.__getitem__,
            {holder for holder, theirs in PROVINCES.items() if theirs == province}.__contains__,
            year=year,
            has_power=has_power,
        )
        for province in set(PROVINCES.values())
    }


@given(acts, st.booleans())
def test_all_provinces_together_come_to_nothing(tried: list, has_power: bool) -> None:  # type: ignore[type-arg]
    assert sum(nets(made(tried)[1], has_power=has_power).values()) == 0


@given(acts)
def test_no_certificate_counts_twice_for_a_province(tried: list) -> None:  # type: ignore[type-arg]
    entries = made(tried)[1]
    for batch in ("A", "B"):
        for serial in range(1, 43):
            own = [
                replace(each, span=Span(batch, serial, serial))
                for each in entries
                if each.span.batch == batch and each.span.first <= serial <= each.span.last
            ]
            one, other = nets(own, has_power=False), nets(own, has_power=True)
            assert all(abs(one[province] + other[province]) <= 1 for province in one)


def test_what_is_sold_on_counts_for_the_last_buyer_alone() -> None:
    entries = [issue(1, 10, 3), transfer(1, 10, 3, 4), transfer(1, 10, 4, 1)]
    assert nets(entries, has_power=False) == {"11": 10, "12": -10, "13": 0}


def test_a_sale_within_a_province_or_with_power_or_in_another_year_is_not_counted() -> None:
    entries = [issue(1, 20, 3), transfer(1, 5, 3, 1, has_power=True), transfer(1, 5, 1, 2), transfer(6, 9, 3, 1)]
    assert nets(entries, has_power=False)["11"] == 4
    assert nets(entries, has_power=True)["11"] == 5
    assert nets(entries, has_power=False, year=2023)["11"] == 0


def test_each_hindrance_is_named() -> None:
    book = Book.replayed([issue(1, 10), transfer(1, 5, 1, 2), retire(1, 2, 2)])
    for entry, why in (
        (issue(5, 4), Hindrance.SPAN),
        (issue(0, 4), Hindrance.SPAN),
        (transfer(6, 7, 1, 1), Hindrance.PARTIES),
        (issue(10, 12), Hindrance.ISSUED),
        (transfer(6, 11, 1, 2), Hindrance.UNKNOWN),
        (transfer(2, 3, 2, 1), Hindrance.RETIRED),
        (retire(2, 2, 2), Hindrance.RETIRED),
        (transfer(5, 6, 1, 3), Hindrance.HELD),
        (Entry(Act.RETIRE, Span("A", 6, 6), DAY - timedelta(days=1), 1), Hindrance.EARLIER),
        (Entry(Act.WITHDRAW, Span("A", 3, 4), DAY, 2), Hindrance.MOVED),
        (Entry(Act.WITHDRAW, Span("A", 6, 10), DAY, 1), None),
    ):
        assert book.hindrance(entry) is why, entry


def test_what_was_withdrawn_may_be_issued_again() -> None:
    book = Book.replayed([issue(1, 10), Entry(Act.WITHDRAW, Span("A", 3, 4), DAY, 1)])
    assert book.hindrance(issue(3, 4, 2)) is None
    assert book.hindrance(issue(3, 5, 2)) is Hindrance.ISSUED
