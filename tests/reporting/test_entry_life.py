"""What may be said of the file of a unit, and how an entry goes from one state to another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entries_told import SOUND
from shuangkong.reporting.entry_kinds import AT_LEAST, AT_MOST, FIELDS, EntryKind, Sort, is_kept, sound, together
from shuangkong.reporting.entry_life import (
    EVENT_FIELDS,
    WAYS,
    EntryEvent,
    EntryStanding,
    EntryState,
    Happened,
    after,
    is_late,
    may_happen,
    standing_of,
)

K, E, S = EntryKind, EntryEvent, EntryState


def faults(kind: EntryKind, **more: str) -> set[str]:
    """Names of the fields with faults, once some of what is sound is said otherwise."""
    told = {**SOUND[kind], **more}
    kept, found = sound(FIELDS[kind], told)
    return {each.field for each in (*found, *(together(kind, kept) if not found else ()))}


@pytest.mark.parametrize("kind", list(K))
def test_what_is_whole_is_taken_as_it_is_said(kind: EntryKind) -> None:
    kept, found = sound(FIELDS[kind], SOUND[kind])
    assert (kept, found, together(kind, kept)) == (SOUND[kind], (), ())


@pytest.mark.parametrize("kind", list(K))
def test_each_required_field_is_missed_and_each_code_and_day_is_read(kind: EntryKind) -> None:
    for each in FIELDS[kind]:
        assert (each.id in faults(kind, **{each.id: " "})) is (each.is_required or each.id in ("unit", "bound")) or (
            each.id not in SOUND[kind]
        )
        if each.sort not in (Sort.LINE, Sort.TEXT):
            assert each.id in faults(kind, **{each.id: "三月"})
    assert faults(kind, colour="red") == {"colour"}


def test_what_does_not_go_together_is_refused() -> None:
    assert faults(K.UNDERTAKING, sort="public") == {"published"}
    assert faults(K.UNDERTAKING, sort="public", published="政府网站") == set()
    assert faults(K.UNDERTAKING, promised="", indicator="energy_consumption") == {"promised"}
    assert faults(K.UNDERTAKING, promised="", unit="", bound="") == set(), "an undertaking in words alone"
    assert faults(K.UNDERTAKING, base_period="2026") == {"base_period"}
    assert faults(K.SYSTEM, due="2024-01-01") == {"due"}
    assert faults(K.ADVICE, due="2025-02-28") == {"due"}
    assert faults(K.ADVICE, saving_tce="-1") == {"saving_tce"}
    assert faults(K.ADVICE, saving_tce="NaN") == {"saving_tce"}
    assert faults(K.ADVICE, measure="字" * 4001) == {"measure"}


@pytest.mark.parametrize(
    "said", ["1e-999999999", "1e-999999999999", "1E3", "1" * 16, "0.1234567891", "１２", "+1", "."]
)
def test_a_figure_is_written_out_in_so_many_digits(said: str) -> None:
    assert faults(K.ADVICE, saving_tce=said) == {"saving_tce"}
    assert faults(K.UNDERTAKING, promised=said) == {"promised"}


@pytest.mark.parametrize("said", ["0", "1" * 15, "999999999999999.123456789"])
def test_a_long_figure_is_kept_as_it_was_written(said: str) -> None:
    kept, found = sound(FIELDS[K.ADVICE], {**SOUND[K.ADVICE], "saving_tce": said})
    assert (kept["saving_tce"], found) == (said, ())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_ceiling_and_a_floor_both_hold_only_at_the_promise_itself(result: Decimal) -> None:
    promised = Decimal(100)
    both = is_kept(AT_MOST, promised, result) and is_kept(AT_LEAST, promised, result)
    assert both is (result == promised)
    assert is_kept(AT_MOST, promised, result) or is_kept(AT_LEAST, promised, result)


def told(kind: EntryKind, *events: EntryEvent, due: str = "2026-06-30") -> EntryStanding:
    said = [Happened(E.ENTER, SOUND[kind])]
    for each in events:
        named = {field.id for field in EVENT_FIELDS.get(each, ())}
        said.append(Happened(each, {"due": due} if "due" in named else {}))
    return standing_of(kind, said)


def test_advice_goes_its_way_and_comes_back() -> None:
    assert told(K.ADVICE) == EntryStanding(S.OPEN, date(2026, 3, 1))
    assert told(K.ADVICE, E.START, E.FINISH).state is S.DONE
    assert told(K.ADVICE, E.START, E.FINISH, E.CONFIRM).state is S.CLOSED
    assert told(K.ADVICE, E.REFUSE, E.CONFIRM).state is S.DROPPED, "a refusal that is agreed to is no saving"
    assert told(K.ADVICE, E.REFUSE, E.SEND_BACK) == EntryStanding(S.WORK, date(2026, 6, 30))
    assert told(K.ADVICE, E.EXTEND) == EntryStanding(S.OPEN, date(2026, 6, 30))
    with pytest.raises(ValueError, match="finish"):
        told(K.ADVICE, E.FINISH, E.FINISH)


def test_late_is_only_what_is_still_to_be_done() -> None:
    day = date(2026, 3, 2)
    assert is_late(K.ADVICE, told(K.ADVICE), day)
    assert not is_late(K.ADVICE, told(K.ADVICE), date(2026, 3, 1)), "the last day itself is in time"
    assert not is_late(K.ADVICE, told(K.ADVICE, E.FINISH), day)
    assert is_late(K.UNDERTAKING, told(K.UNDERTAKING), date(2026, 1, 1)), (
        "the year is over, nobody says what came of it"
    )
    assert not is_late(K.UNDERTAKING, told(K.UNDERTAKING, E.KEEP), date(2026, 1, 1))
    assert is_late(K.SYSTEM, told(K.SYSTEM), date(2027, 1, 1))
    assert told(K.EVALUATION).due is None


@given(st.sampled_from(list(K)), st.lists(st.integers(min_value=0, max_value=20), max_size=12))
def test_every_way_that_is_offered_can_be_gone_and_what_is_struck_stays_so(kind: EntryKind, picks: list[int]) -> None:
    now = EntryStanding(S.OPEN, date(2026, 1, 1))
    happened = [Happened(E.ENTER, SOUND[kind])]
    now = standing_of(kind, happened)
    for pick in picks:
        offered = may_happen(kind, now.state)
        for event in set(E) - set(offered):
            if event is not E.ENTER:
                with pytest.raises(ValueError, match="cannot happen"):
                    after(kind, now, Happened(event))
        if not offered:
            assert now.state is S.STRUCK
            break
        event = offered[pick % len(offered)]
        happened.append(Happened(event, {"due": "2027-01-01"} if event is E.SEND_BACK else {}))
        now = after(kind, now, happened[-1])
    assert standing_of(kind, happened) == now
    assert set(WAYS[kind]) <= set(E)
