"""附件: sealed with the version; a later version may be without one that an earlier one keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import returns_site as site
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import act
from shuangkong.records.reporting.attaching import attach, beside, content_of, detach, take_back
from shuangkong.records.reporting.drafting import ToSave, discard, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Version
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.life import EventKind as K

pytestmark = pytest.mark.django_db
RIGHT, WRONG = (Handed(f"{name}.pdf", b"%PDF-1.7\n" + name.encode() + b"\n%%EOF") for name in ("right", "wrong"))


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """The return of the first unit, accepted with a right and a wrong file beside it."""
    with kept(django_db_blocker):
        made = site.settle()
        save(made.one, site.by("one-reporter"), ToSave(entries=site.told()))
        attach(made.one, (RIGHT, WRONG), site.by("one-reporter"))
        submit(made.one, site.by("one-signatory"), ToSubmit())
        act(made.one, site.by("county"), K.ACCEPT)
        yield made


def sealed(number: int, version: int) -> list[str]:
    found = Version.objects.get(owned=number, number=version)
    return [each.name for each in read_canonical(found.content).files]


def of_name(number: int, name: str) -> int:
    return next(each.id for each in store.files(number, with_draft=True) if each.name == name)


def test_a_correction_leaves_out_a_file_and_the_version_before_keeps_it(held: site.Site) -> None:
    unit, wrong = site.by("one-reporter"), of_name(held.one, "wrong.pdf")
    detach(held.one, wrong, unit)
    assert [each.name for each in beside(held.one).sealed] == ["right.pdf"]
    assert all(each.left_out is None for each in store.files(held.one, with_draft=False))  # of drafts no office is told
    receipt = submit(held.one, site.by("one-signatory"), ToSubmit(ground="附件传错"))
    assert (receipt.is_new, receipt.version) == (True, 2)
    assert (sealed(held.one, 1), sealed(held.one, 2)) == (["right.pdf", "wrong.pdf"], ["right.pdf"])
    assert [each.left_out for each in store.files(held.one, with_draft=False)] == [None, 2]
    assert content_of(held.one, wrong, with_draft=False) == (WRONG.name, WRONG.content)


def test_the_same_file_may_come_again_later(held: site.Site) -> None:
    unit, wrong = site.by("one-reporter"), of_name(held.one, "wrong.pdf")
    detach(held.one, wrong, unit)
    submit(held.one, site.by("one-signatory"), ToSubmit(ground="附件传错"))
    act(held.one, site.by("county"), K.ACCEPT)
    take_back(held.one, wrong, unit)  # what a version left out is not brought back, but may be handed in anew
    assert [each.name for each in beside(held.one).sealed] == ["right.pdf"]
    attach(held.one, (WRONG,), unit)
    submit(held.one, site.by("one-signatory"), ToSubmit(ground="仍要附上"))
    assert sealed(held.one, 3) == ["right.pdf", "wrong.pdf"]


def test_what_was_to_be_left_out_stays_where_it_is_taken_back_or_the_draft_is_thrown_away(held: site.Site) -> None:
    unit, wrong = site.by("one-reporter"), of_name(held.one, "wrong.pdf")
    for undo in (take_back, lambda number, _file, by: discard(number, by)):
        detach(held.one, wrong, unit)
        undo(held.one, wrong, unit)
        assert [each.name for each in beside(held.one).sealed] == ["right.pdf", "wrong.pdf"]
    assert not submit(held.one, site.by("one-signatory"), ToSubmit()).is_new


def test_nothing_is_left_out_while_an_office_judges_it(held: site.Site) -> None:
    detach(held.one, of_name(held.one, "wrong.pdf"), site.by("one-reporter"))
    submit(held.one, site.by("one-signatory"), ToSubmit(ground="附件传错"))
    with pytest.raises(Refused, match="RPT-920"):
        detach(held.one, of_name(held.one, "right.pdf"), site.by("one-reporter"))
