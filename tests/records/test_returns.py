"""Returns from the window to the facts: filed, signed, reviewed, approved level by level; and who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.period import Period
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import Said, act, approve_all
from shuangkong.records.reporting.drafting import ToSave, merged, require_rows, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.limits import require_over
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import Content, Origin, read_canonical
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life import State
from shuangkong.rulebook import open_rulebook

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
    again = submit(held.one, site.by("one-signatory"), ToSubmit(content=read_canonical(first[0].content)))
    assert (again.is_new, again.version, again.digest) == (False, 1, first[0].digest)
    assert store.versions(held.one) == first


def test_the_same_figures_by_another_way_are_one_version_and_a_draft_that_says_more_stays(held: site.Site) -> None:
    filed(held.one)
    approve(held.one)
    typed = read_canonical(store.versions(held.one)[0].content)
    sent = {address: entry._replace(origin=Origin.IMPORTED) for address, entry in typed.entries.items()}
    same = ToSubmit(content=replace(typed, entries=sent), ground="再送", channel="api")
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(purchased="950", closing_stock="250")))
    assert (again := submit(held.one, site.by("one-signatory"), same)).is_new is False
    assert again.version == 1
    assert store.draft(held.one) is not None  # a correction that was begun is not lost
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), same)
    assert store.draft(held.one) is None


def test_what_is_sent_whole_takes_the_place_of_an_older_draft(held: site.Site) -> None:
    filed(held.one)
    approve(held.one)
    typed = read_canonical(store.versions(held.one)[0].content)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(purchased="950", closing_stock="250")))
    sent = typed.with_entries(site.told(purchased="960", closing_stock="260"))
    assert submit(held.one, site.by("one-signatory"), ToSubmit(content=sent, ground="漏记", channel="api")).is_new
    assert store.draft(held.one) is None


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


def test_what_is_no_number_stays_as_typed_and_stands_in_the_way(held: site.Site) -> None:
    wrong = {**site.told(), "energy.raw_coal.purchased": site.words("九百吨")}
    save(held.one, site.by("one-reporter"), ToSave(entries=wrong))
    kept_draft = store.draft(held.one)
    assert kept_draft is not None
    assert "九百吨" in kept_draft.content
    with pytest.raises(NotReady) as refused:
        submit(held.one, site.by("one-signatory"), ToSubmit())
    assert [each.place for each in refused.value.findings] == ["energy.raw_coal.purchased"]


def test_a_correction_is_a_version_beside_the_one_that_counts(held: site.Site) -> None:
    filed(held.one)
    approve(held.one)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(purchased="950", closing_stock="250")))
    with pytest.raises(Refused, match="理由"):
        submit(held.one, site.by("one-signatory"), ToSubmit())
    submit(held.one, site.by("one-signatory"), ToSubmit(ground="漏记一车煤"))
    row = store.one(held.one)
    assert row is not None
    assert (row.state, row.standing.in_force, row.standing.version) == (State.SUBMITTED, 1, 2)
    act(held.one, site.by("county"), K.RETURN, Said("请附过磅单"))
    assert state(held.one) is State.APPROVED
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(purchased="950", closing_stock="250")))
    submit(held.one, site.by("one-signatory"), ToSubmit(ground="漏记一车煤，附过磅单"))
    act(held.one, site.by("county"), K.ACCEPT)
    row = store.one(held.one)
    assert row is not None
    assert (row.state, row.standing.in_force, row.standing.level) == (State.ACCEPTED, 3, 0)
    assert [each.number for each in store.versions(held.one)] == [1, 2, 3]


def test_what_must_be_explained_is_explained_and_judged_before_it_is_accepted(held: site.Site) -> None:
    """Stock does not balance: 100 + 900 − 800 is not 150."""
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(closing_stock="150")))
    with pytest.raises(NotReady) as refused:
        submit(held.one, site.by("one-signatory"), ToSubmit())
    said = {finding_key(each.code, each.place): "堆场雨损" for each in refused.value.findings}
    assert said
    submit(held.one, site.by("one-signatory"), ToSubmit(explained=said))
    with pytest.raises(Refused, match="没有认定"):
        act(held.one, site.by("county"), K.ACCEPT)
    version = store.version(held.one, 1)
    assert version is not None
    explained = [each.id for each in version.findings if each.explanation]
    with pytest.raises(Refused, match="没有被认可"):
        act(held.one, site.by("county"), K.ACCEPT, Said(verdicts=dict.fromkeys(explained, False)))
    act(held.one, site.by("county"), K.ACCEPT, Said(verdicts=dict.fromkeys(explained, True)))
    assert state(held.one) is State.ACCEPTED


def test_what_was_explained_need_not_be_typed_again_after_a_return(held: site.Site) -> None:
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told(closing_stock="150")))
    with pytest.raises(NotReady) as refused:
        submit(held.one, site.by("one-signatory"), ToSubmit())
    said = {finding_key(each.code, each.place): "堆场雨损" for each in refused.value.findings}
    submit(held.one, site.by("one-signatory"), ToSubmit(explained=said))
    act(held.one, site.by("county"), K.RETURN, Said("请附盘点表"))
    again = submit(held.one, site.by("one-signatory"), ToSubmit())
    version = store.version(held.one, again.version)
    assert version is not None
    assert [each.explanation.text for each in version.findings if each.explanation] == ["堆场雨损"]


def test_an_interface_that_says_nothing_signs_nothing(held: site.Site) -> None:
    with pytest.raises(Refused, match="RPT-927"):
        submit(held.one, site.by("one-signatory"), ToSubmit(channel="api"))
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    assert submit(held.one, site.by("one-signatory"), ToSubmit(channel="api")).is_new
    assert not submit(held.one, site.by("one-signatory"), ToSubmit(channel="api")).is_new


def test_what_another_version_overtook_is_neither_accepted_nor_approved(held: site.Site) -> None:
    filed(held.one)
    act(held.one, site.by("county"), K.RETURN, Said("请附过磅单", version=1))
    filed(held.one, purchased="950", closing_stock="250")
    with pytest.raises(Refused, match="RPT-918"):
        act(held.one, site.by("county"), K.ACCEPT, Said(version=1))
    act(held.one, site.by("county"), K.ACCEPT, Said(version=2))
    with pytest.raises(Refused, match="RPT-918"):
        approve_all([held.one], site.by("county"), read={held.one: 1})
    assert approve_all([held.one, held.one], site.by("county"), read={held.one: 2}) == 1


def test_an_open_table_takes_so_many_rows_with_sound_keys(held: site.Site) -> None:
    form = open_rulebook().forms().form("coal_dealer_sales", Period.parse(site.PERIOD).last_day)
    assert form is not None
    table = form.by_id["customer"]
    assert table.open is not None
    most = tuple(f"甲{number}" for number in range(table.open.most))
    content = merged(Content(form.id, form.edition), ToSave(keys={"customer": most}))
    require_rows(form, ToSave(keys={"customer": most}), content)
    column = table.columns[-1].id
    piece = ToSave(entries={f"customer[乙].{column}": site.words("1")})
    for told, stood, code in (
        (piece, merged(content, piece), "RPT-933"),
        (ToSave(keys={"customer": (*most, *most)}), content, "RPT-933"),
        (ToSave(keys={"customer": ("甲[1]",)}), Content(form.id, form.edition), "RPT-934"),
        (ToSave(keys={"nothing": ("1",)}), content, "RPT-928"),
    ):
        with pytest.raises(Refused, match=code):
            require_rows(form, told, stood)
    with pytest.raises(Refused, match="RPT-928"):
        save(held.one, site.by("one-reporter"), ToSave(keys={"nothing": ("1",)}))


def test_nothing_is_signed_before_its_period_is_over_but_what_is_told_in_advance(held: site.Site) -> None:
    today = timezone.localdate()
    ahead = Period(today.year + today.month // 12, f"{today.month % 12 + 1:02d}")
    Return.objects.filter(pk=held.one).update(period=str(ahead), first_month=ahead.first_month)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    with pytest.raises(Refused, match="RPT-988"):
        submit(held.one, site.by("one-signatory"), ToSubmit())
    assert state(held.one) is State.DRAFT
    form = form_at(site.FORM, ahead, site.COUNTY)
    require_over(replace(form, is_early=True), ahead)
    with pytest.raises(Refused, match=f"{ahead.last_day}"):
        require_over(form, ahead)
    with pytest.raises(Refused, match="RPT-987"):
        open_window(site.FORM, str(ahead), site.COUNTY, site.by("county"))
    now = Period(today.year, f"{today.month:02d}")
    assert open_window(site.FORM, str(now), site.COUNTY, site.by("county")), "of a month that has begun it may be open"
