"""Returns from the window to the facts: filed, signed, reviewed, approved level by level; and who sees what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import returns_site as site
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life import State

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def state(number: int) -> State:
    found = store.one(number)
    assert found is not None
    return found.state


def filed(number: int, **more: str) -> None:
    save(number, site.by("one-reporter"), ToSave(entries=site.told(**more)))
    submit(number, site.by("one-signatory"), ToSubmit())


def approve(number: int) -> None:
    act(number, site.by("county"), K.ACCEPT)
    for who in ("county", "city", "province"):
        act(number, site.by(who), K.APPROVE)


def test_the_window_lists_who_owes_it_and_the_chain_of_approval(held: site.Site) -> None:
    row = store.one(held.one)
    assert row is not None
    assert (row.state, row.chain, row.standing.due) == (State.OPEN, (site.COUNTY, site.CITY, site.PROVINCE), site.DUE)


def test_the_main_road_from_draft_to_facts(held: site.Site) -> None:
    filed(held.one)
    assert state(held.one) is State.SUBMITTED
    act(held.one, site.by("statistics"), K.REVIEW)
    with pytest.raises(Refused, match="不能"):
        act(held.one, site.by("county"), K.APPROVE)
    act(held.one, site.by("statistics"), K.ACCEPT)
    assert state(held.one) is State.ACCEPTED
    with pytest.raises(Forbidden):
        act(held.one, site.by("city"), K.APPROVE)  # the county comes first
    act(held.one, site.by("leader"), K.APPROVE)
    act(held.one, site.by("city"), K.APPROVE)
    act(held.one, site.by("province"), K.APPROVE)
    act(held.one, site.by("province"), K.LOCK)
    assert state(held.one) is State.LOCKED


def test_the_same_version_twice_is_one(held: site.Site) -> None:
    filed(held.one)
    first = store.versions(held.one)
    save_refused = pytest.raises(Refused)
    with save_refused:
        save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    from shuangkong.reporting.content import read_canonical

    again = submit(held.one, site.by("one-signatory"), ToSubmit(content=read_canonical(first[0].content)))
    assert (again.is_new, again.version, again.digest) == (False, 1, first[0].digest)
    assert store.versions(held.one) == first


def test_only_the_signatory_signs_and_nobody_else_sees_the_draft(held: site.Site) -> None:
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    for stranger in ("other-signatory", "county", "province", "one-reporter"):
        with pytest.raises(Forbidden):
            submit(held.one, site.by(stranger), ToSubmit())
    with pytest.raises(Forbidden):
        save(held.one, site.by("county"), ToSave(entries=site.told()))
    seen = store.returns(store.readable(site.by("other-reporter")))
    assert [row.reporter.enterprise for row in seen] == [held.enterprises["other"]]
    assert {row.id for row in store.returns(store.readable(site.by("county")))} == {held.one, held.other}
    assert store.returns(store.readable(site.by("next"))) == ()
