"""Many units in one file: for whoever files for them alone, as drafts all or none, signed each by itself."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace

import pytest
import returns_site as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.finding import Severity
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting import bulk, checking
from shuangkong.records.reporting import bulk_signing as signing
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.attaching import attach
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.models import Agent, Draft, FoundFinding, Return, Version
from shuangkong.records.reporting.register import appoint_agent
from shuangkong.records.reporting.rows import finding_key
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.taking import Given, Taken, taken
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db
CELLS = {address: str(entry.value) for address, entry in site.told().items()}
DIGEST = "0" * 64
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """Both units are filed for by a group, which signs for the first alone."""
    with kept(django_db_blocker):
        made = site.settle()
        body = registry.name_bodies(site.COUNTY, ["云岭集团"])["云岭集团"]
        for name, role in (("group-reporter", Role.REPORTER), ("group-signatory", Role.SIGNATORY)):
            Person.objects.create_user(name)
            appoint(name, role, site.ADMIN, site.GROUND, body, site.COUNTY)
        for key in ("one", "other"):
            reporter = Return.objects.get(pk=getattr(made, key)).reporter_id
            appoint_agent(reporter, body, site.by("county"), "委托书", may_sign=key == "one")
        yield made


def to_file(name: str) -> bulk.ToFile:
    return bulk.to_file(site.by(name), site.FORM, site.PERIOD)


def read(what: bulk.ToFile, cells: dict[str, str] | None = None, codes: tuple[str, ...] = ()) -> dict[str, Taken]:
    given: list[tuple[str, Given, str]] = [(address, text, address) for address, text in (cells or CELLS).items()]
    some = taken(what.form, given, open_rulebook().units())
    return dict.fromkeys(codes or what.names, some)


def test_a_group_files_for_its_own_units_and_nobody_else_for_any(held: site.Site) -> None:
    assert set(to_file("group-reporter").names.values()) == {"青云水泥有限公司", "云桥纸业有限公司"}
    assert bulk.owing(site.by("group-reporter")) == ((site.FORM, site.PERIOD, 2, 0),)
    assert list(to_file("one-reporter").names.values()) == ["青云水泥有限公司"]
    for office in ("county", "province", "statistics", "next"):
        assert bulk.owing(site.by(office)) == ()
        with pytest.raises(Refused, match="RPT-960"):
            to_file(office)


def test_an_office_cannot_be_entrusted(held: site.Site) -> None:
    reporter = Return.objects.get(pk=held.one).reporter_id
    office = site.by("statistics").body
    assert office
    with pytest.raises(Refused, match="RPT-959"):
        appoint_agent(reporter, office, site.by("county"), "委托书")


def test_trying_writes_nothing_and_says_what_each_unit_would_be(held: site.Site) -> None:
    what = to_file("group-reporter")
    told = read(what) | read(what, {**CELLS, "energy.raw_coal.purchased": "九百"}, (list(what.names)[1],))
    good, bad = bulk.tried(what, told)
    assert good.is_ready
    assert good.cells == len(CELLS) - 1  # the coefficient was offered
    assert [each.code for each in bad.faults] == ["RPT-602"]
    assert not bad.is_ready
    assert not Draft.objects.exists()
    with pytest.raises(Refused, match="RPT-961"):
        bulk.kept(what, told, site.by("group-reporter"), DIGEST)
    assert not Draft.objects.exists()


def test_what_fails_in_the_midst_leaves_nothing(held: site.Site) -> None:
    what = to_file("group-reporter")
    with pytest.raises(Forbidden):
        bulk.kept(what, read(what), site.by("one-reporter"), DIGEST)
    assert not Draft.objects.exists()
    assert not JournalRow.objects.filter(act="return.bulk").exists()


def test_drafts_are_kept_and_those_that_may_be_are_signed_each_by_itself(held: site.Site) -> None:
    what, signatory = to_file("group-reporter"), site.by("group-signatory")
    assert bulk.kept(what, read(what), site.by("group-reporter"), DIGEST) == 2
    assert bulk.kept(what, read(what), site.by("group-reporter"), DIGEST) == 0
    [row] = JournalRow.objects.filter(act="return.bulk")
    assert row.document == DIGEST
    assert row.place == ""  # of drafts no office is told
    assert [has for _, has in bulk.waiting(what)] == [True, True]
    assert signing.to_read(site.by("group-reporter"), site.FORM, site.PERIOD) == ((), None)
    [mine], after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert (mine.row.id, after, mine.is_ready) == (held.one, None, True)
    foreign = signing.sign_read(signatory, {held.other: mine.told.mark})
    assert [(row.id, refusal.code) for row, refusal in foreign.refused] == [(held.other, "PPL-201")]
    done = signing.sign_read(signatory, {held.one: mine.told.mark})
    assert [row.id for row, _ in done.signed] == [held.one]
    assert signing.to_read(signatory, site.FORM, site.PERIOD) == ((), None)
    assert list(Version.objects.values_list("owned", flat=True)) == [held.one]
    assert Draft.objects.get().owned_id == held.other


def test_what_is_not_ready_stays_a_draft_and_is_told(held: site.Site) -> None:
    what = to_file("group-reporter")
    short = read(what, {"energy.raw_coal.purchased": "900"})
    assert not bulk.tried(what, short)[0].is_ready
    bulk.kept(what, short, site.by("group-reporter"), DIGEST)
    [shown], _after = signing.to_read(site.by("group-signatory"), site.FORM, site.PERIOD)
    wrong = [each for each in shown.verdict.open_findings if each.severity is Severity.MUST_FIX]
    assert wrong[0] == shown.verdict.open_findings[0]
    words = frozenset(finding_key(each.code, each.place) for each in shown.verdict.open_findings)
    assert replace(shown.verdict, explained=words).open_findings == tuple(wrong)  # a word settles nothing of these
    done = signing.sign_read(site.by("group-signatory"), digests())
    assert [(row.id, refusal.code) for row, refusal in done.refused] == [(held.one, "RPT-930")]
    assert not Version.objects.exists()


def digests() -> dict[int, str]:
    """What the signatory of the group is shown."""
    shown, _after = signing.to_read(site.by("group-signatory"), site.FORM, site.PERIOD)
    return {each.row.id: each.told.mark for each in shown}


def test_what_was_not_shown_is_not_signed(held: site.Site) -> None:
    what, signatory = to_file("group-reporter"), site.by("group-signatory")
    bulk.kept(what, read(what), site.by("group-reporter"), DIGEST)
    shown = digests()
    save(held.one, site.by("one-reporter"), ToSave(entries={"energy.coke.purchased": site.figure("5")}))
    done = signing.sign_read(signatory, shown)
    assert [(row.id, refusal.code) for row, refusal in done.refused] == [(held.one, "RPT-926")]
    for told, code in (({}, "RPT-944"), (dict.fromkeys(range(99), "a"), "RPT-944"), ({held.one: ""}, "RPT-936")):
        with pytest.raises(Refused, match=code):
            signing.sign_read(signatory, told)
    assert not Version.objects.exists()


def test_a_correction_is_signed_with_a_ground_and_its_files_are_among_what_is_shown(held: site.Site) -> None:
    what, signatory = to_file("group-reporter"), site.by("group-signatory")
    bulk.kept(what, read(what), site.by("group-reporter"), DIGEST)
    attach(held.one, [Handed("盘点表.png", PICTURE)], site.by("one-reporter"))
    [shown], _after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert [each.name for each in shown.told.content.files] == ["盘点表.png"]
    [(_row, receipt)] = signing.sign_read(signatory, digests()).signed
    assert receipt.digest == shown.told.content.digest
    act(held.one, site.by("county"), EventKind.ACCEPT, Said(version=1))
    save(held.one, site.by("one-reporter"), ToSave(entries={"energy.raw_coal.purchase_amount": site.figure("61")}))
    [again], _after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert again.is_correction
    [(_row, refusal)] = signing.sign_read(signatory, digests()).refused
    assert refusal.code == "RPT-921"
    assert len(signing.sign_read(signatory, digests(), "补记").signed) == 1


def test_what_a_unit_says_to_a_finding_comes_with_its_figures(held: site.Site) -> None:
    what, by = to_file("group-reporter"), site.by("group-reporter")
    code = what.rows[0].reporter.code
    some = read(what, codes=(code,))
    found = bulk.tried(what, some)[0].found
    key = finding_key(found[0].code, found[0].place)
    [before] = bulk.tried(what, some)
    [after] = bulk.tried(what, some, {code: {key: "属实"}})
    assert (key in before.explained, key in after.explained) == (False, True)
    assert bulk.kept(what, some, by, DIGEST, {code: {key: "属实"}}) == 1
    assert bulk.kept(what, some, by, DIGEST, {code: {key: "属实"}}) == 0
    assert bulk.kept(what, some, by, DIGEST) == 0  # nothing is said of it this time: what was said stays
    assert json.loads(Draft.objects.get().explained) == {key: "属实"}
    assert bulk.kept(what, some, by, DIGEST, {code: {key: "另有原因"}}) == 1
    assert json.loads(Draft.objects.get().explained) == {key: "另有原因"}
    with pytest.raises(Refused, match="RPT-924"):
        bulk.kept(what, some, by, DIGEST, {code: {key: "长" * 10**6}})


def test_what_is_to_be_explained_is_listed_and_what_was_accepted_is_corrected(held: site.Site) -> None:
    what, by = to_file("group-reporter"), site.by("group-reporter")
    code = Return.objects.get(pk=held.one).reporter.code
    lost = read(what, {**CELLS, "energy.raw_coal.closing_stock": "150"}, (code,))
    bulk.kept(what, lost, by, DIGEST)
    asked = bulk.to_explain(what)
    assert {row.reporter.code for row, _found in asked} == {code}
    said = {code: {finding_key(found.code, found.place): "堆场雨损" for _row, found in asked}}
    bulk.kept(what, dict.fromkeys((code,), Taken({}, ())), by, DIGEST, said)
    assert bulk.to_explain(what) == ()
    assert len(signing.sign_read(site.by("group-signatory"), digests()).signed) == 1
    judged = dict.fromkeys(FoundFinding.objects.filter(explanation__isnull=False).values_list("pk", flat=True), True)
    act(held.one, site.by("county"), EventKind.ACCEPT, Said(version=1, verdicts=judged))
    assert bulk.owing(by) == ((site.FORM, site.PERIOD, 1, 1),)
    again = to_file("group-reporter")
    bulk.kept(again, read(again, {"energy.raw_coal.purchase_amount": "61"}, (code,)), by, DIGEST)
    [(_row, receipt)] = signing.sign_read(site.by("group-signatory"), digests(), "补记").signed
    assert receipt.version == 2
    assert Return.objects.get(pk=held.one).state == "submitted"


def swap_signing(held: site.Site) -> None:
    """The group signs for the second unit instead of the first, which it fills in alone."""
    for key in ("one", "other"):
        reporter = Return.objects.get(pk=getattr(held, key)).reporter_id
        Agent.objects.filter(reporter=reporter).update(may_sign=key == "other")


def test_drafts_that_somebody_else_signs_take_no_room_on_the_page(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = to_file("group-reporter")
    bulk.kept(what, read(what), site.by("group-reporter"), DIGEST)
    swap_signing(held)
    monkeypatch.setattr(signing, "AT_ONCE", 1)
    [mine], following = signing.to_read(site.by("group-signatory"), site.FORM, site.PERIOD)
    assert (mine.row.id, following) == (held.other, None)


def test_a_page_of_drafts_asks_no_more_for_two_than_for_one(held: site.Site) -> None:
    what, signatory = to_file("group-reporter"), site.by("group-signatory")
    bulk.kept(what, read(what), site.by("group-reporter"), DIGEST)
    signing.to_read(signatory, site.FORM, site.PERIOD)
    counts = []
    for drafts in (1, 2):
        with CaptureQueriesContext(connection) as asked:
            assert len(signing.to_read(signatory, site.FORM, site.PERIOD)[0]) == drafts
        counts.append(len(asked))
        Agent.objects.update(may_sign=True)
        signing.to_read(signatory, site.FORM, site.PERIOD)  # the second is prepared now
    assert counts[0] == counts[1]


def test_words_that_were_changed_since_they_were_shown_are_not_signed(held: site.Site) -> None:
    what, by, signatory = to_file("group-reporter"), site.by("group-reporter"), site.by("group-signatory")
    code = Return.objects.get(pk=held.one).reporter.code
    lost = read(what, {**CELLS, "energy.raw_coal.closing_stock": "150"}, (code,))
    bulk.kept(what, lost, by, DIGEST)
    said = {finding_key(found.code, found.place): "堆场雨损" for _row, found in bulk.to_explain(what)}
    nothing = dict.fromkeys((code,), Taken({}, ()))
    bulk.kept(what, nothing, by, DIGEST, {code: said})
    [shown], _after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert {words for _found, words in shown.explained} == {"堆场雨损"}
    assert len(shown.explained) == len(said)
    bulk.kept(what, nothing, by, DIGEST, {code: dict.fromkeys(said, "丢了")})
    done = signing.sign_read(signatory, {held.one: shown.told.mark})
    assert [(row.id, refusal.code) for row, refusal in done.refused] == [(held.one, "RPT-926")]
    assert len(signing.sign_read(signatory, digests()).signed) == 1


def test_a_correction_that_another_one_came_before_is_shown_as_it_will_be_sealed(held: site.Site) -> None:
    signatory, unit = site.by("group-signatory"), site.by("one-reporter")
    save(held.one, unit, ToSave(entries=site.told()))
    first = digests()
    signing.sign_read(signatory, first)
    act(held.one, site.by("county"), EventKind.ACCEPT, Said(version=1))
    save(held.one, unit, ToSave(entries={"energy.raw_coal.purchase_amount": site.figure("61")}))
    signing.sign_read(signatory, digests(), "补记")
    act(held.one, site.by("county"), EventKind.ACCEPT, Said(version=2))
    save(held.one, unit, ToSave(entries={"energy.raw_coal.purchase_amount": site.figure("62")}))
    kept_ = Draft.objects.get(owned=held.one)
    clash = read_canonical(Version.objects.get(number=1).content)
    kept_.base, kept_.content = (
        1,
        clash.with_entries({"energy.coke.purchase_amount": site.figure("3")}).canonical.decode(),
    )
    kept_.save()
    [shown], _after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert shown.told.content.number("energy.raw_coal.purchase_amount") == 61
    kept_.content = clash.with_entries({"energy.raw_coal.purchase_amount": site.figure("62")}).canonical.decode()
    kept_.save()
    [other], _after = signing.to_read(signatory, site.FORM, site.PERIOD)
    assert (other.is_ready, other.told.clash and other.told.clash.code) == (False, "RPT-923")
    done = signing.sign_read(signatory, {held.one: shown.told.mark}, "再补")
    assert [refusal.code for _row, refusal in done.refused] == ["RPT-923"]


def test_what_is_not_the_person_s_any_more_is_told_and_not_signed(held: site.Site) -> None:
    what, signatory = to_file("group-reporter"), site.by("group-signatory")
    bulk.kept(what, read(what), site.by("group-reporter"), DIGEST)
    shown = digests()
    Agent.objects.all().delete()
    done = signing.sign_read(signatory, shown)
    assert (done.signed, done.refused) == ((), ())
    assert [(number, refusal.code) for number, refusal in done.gone] == [(held.one, "RPT-979")]
    assert not Version.objects.exists()


def test_what_is_to_be_explained_is_listed_of_every_draft(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    what, by = to_file("group-reporter"), site.by("group-reporter")
    bulk.kept(what, read(what, {**CELLS, "energy.raw_coal.closing_stock": "150"}), by, DIGEST)
    monkeypatch.setattr(bulk, "CHECKED_AT_ONCE", 1)
    monkeypatch.setattr(checking, "_AT_ONCE", 1)
    assert {row.id for row, _found in bulk.to_explain(what)} == {held.one, held.other}


def test_what_is_owed_never_falls_off_the_list(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    stood = Return.objects.filter(pk=held.one).values().get()
    for at, (state, in_force) in enumerate((("accepted", 1), ("accepted", 1), ("open", None)), 1):
        told = {"id": None, "period": f"2020-0{4 - at}", "first_month": 2020 * 12 + 4 - at, "state": state}
        Return.objects.create(**{**stood, **told, "in_force": in_force})
    monkeypatch.setattr(bulk, "_LISTED", 1)
    assert [period for _, period, *_ in bulk.owing(site.by("group-reporter"))] == [site.PERIOD, "2020-01"]
    accepted, is_cut = bulk.correctable(site.by("group-reporter"))
    assert ([period for _, period, *_ in accepted], is_cut) == (["2020-03"], True)
