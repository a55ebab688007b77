"""Pairs of two plans that a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cascade_plans import (
    CITY_PLAN,
    COUNTY,
    COUNTY_OFFICE,
    COUNTY_PLAN,
    NEIGHBOUR,
    adopted,
)
from django.utils import timezone

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.decided import Pairing
from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import ComparedTarget, LinkVerdict, Relation
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db

FOLLOWS = Relation.FOLLOWS
CONFIRMED = LinkVerdict.CONFIRMED

CITY_GREEN = CITY_PLAN.replace("推广绿色建筑。", "到2025年，城镇新建建筑全部达到绿色建筑标准完成率达到100%。")
COUNTY_GREEN = COUNTY_PLAN.replace("推广绿色建筑。", "到2025年，城镇新建绿色建筑达标率达到100%。")


@pytest.fixture
def doubtful(places: None) -> tuple[int, ComparedTarget]:
    """A link, and the pair of it that only a person can decide."""
    city, county = adopted(CITY_GREEN, "999900"), adopted(COUNTY_GREEN, "999901")
    link = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    (line,) = [each for each in store.comparison(link).targets if each.is_doubtful]
    return link, line


def ends(link: int, line: ComparedTarget) -> tuple[int, int]:
    assert line.key is not None
    assert line.below is not None
    return line.key, line.below


def test_a_doubtful_pair_is_no_gap_until_a_person_sets_it_apart(doubtful: tuple[int, ComparedTarget]) -> None:
    link, line = doubtful
    above, below = ends(*doubtful)
    assert "绿色建筑" in (line.parent.indicator_name if line.parent else "")
    with pytest.raises(Refused, match="CAS-203"):
        store.assign_gaps(link, COUNTY_OFFICE, keys=[above])
    made = store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.APART, "口径不同：一个是全部、一个是达标")
    found = store.comparison(link)
    assert [each.verdict for each in found.targets if above == each.key or below == each.below] == [
        Verdict.MISSING, Verdict.EXTRA,
    ]  # fmt: skip
    assert [(row.id, row.verdict) for row in found.decisions] == [(made, Pairing.APART)]
    assert len(store.assign_gaps(link, COUNTY_OFFICE, keys=[above])) == 1
    row = journal.of_subject(f"plan/{found.child.id}/pairs")[-1]
    assert (row.act, row.place, row.ground) == ("cascade.pair", COUNTY, "口径不同：一个是全部、一个是达标")


def test_a_decided_pair_is_compared_and_may_be_taken_back(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, "同一指标")
    (line,) = [each for each in store.comparison(link).targets if each.key == above]
    assert (line.verdict, line.is_doubtful, line.is_decided) == (Verdict.EQUAL, False, True)
    assert store.comparison(link).doubts == ()
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.OPEN, "再核对")
    assert [each.key for each in store.comparison(link).doubts] == [above]
    assert [row.verdict for row in store.comparison(link).decisions] == [Pairing.PAIRED, Pairing.OPEN]


def test_a_target_that_is_laid_to_another_leaves_the_first(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    energy = next(each for each in store.comparison(link).targets if each.parent and each.child and each.is_gap)
    assert energy.below is not None
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, "同一指标")
    store.decide_pair(link, COUNTY_OFFICE, above, energy.below, Pairing.PAIRED, "改认定")
    pairs = {(each.key, each.below) for each in store.comparison(link).targets}
    assert (above, energy.below) in pairs
    assert {(None, below), (energy.key, None)} <= pairs


def test_a_past_day_knows_no_later_decision(
    doubtful: tuple[int, ComparedTarget], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _ = doubtful
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    store.decide_pair(link, COUNTY_OFFICE, *ends(*doubtful), Pairing.PAIRED, "同一指标")
    assert store.comparison(link).doubts == ()
    assert len(store.comparison(link, until=timezone.localdate() - timedelta(days=1)).doubts) == 1


def test_measures_are_laid_together_and_set_apart(linked: int) -> None:
    lines = store.comparison(linked).measures
    lone = {line.parent is None: line for line in lines if line.parent is None or line.child is None}
    above, below = lone[False].key, lone[True].below
    assert above is not None
    assert below is not None
    store.decide_pair(linked, COUNTY_OFFICE, above, below, Pairing.PAIRED, "（四）中有引导公众一句")
    found = {(line.key, line.below): line for line in store.comparison(linked).measures}
    assert (found[above, below].match, found[above, below].is_decided) == (Match.SURE, True)
    assert not any(line.is_gap for line in found.values())


def test_only_the_office_of_the_place_decides_and_says_why(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    with pytest.raises(Forbidden):
        store.decide_pair(link, NEIGHBOUR, above, below, Pairing.PAIRED, "同一指标")
    with pytest.raises(Refused, match="CAS-210"):
        store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, " ")
    for one, other in ((below, above), (above, 10**9)):
        with pytest.raises(Refused, match="CAS-211"):
            store.decide_pair(link, COUNTY_OFFICE, one, other, Pairing.PAIRED, "同一指标")
    measure = next(each.below for each in store.comparison(link).measures if each.below)
    with pytest.raises(Refused, match="CAS-212"):
        store.decide_pair(link, COUNTY_OFFICE, above, measure, Pairing.PAIRED, "同一指标")
    assert store.comparison(link).decisions == ()
