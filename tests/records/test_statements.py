"""Ready statements: guarded changes, numbers given back, queries asked again with other values."""

from __future__ import annotations

import pytest

from shuangkong.records.journal.models import JournalHead
from shuangkong.records.refusal import Refused
from shuangkong.records.statements import Ready, change, insert, run, update

pytestmark = pytest.mark.django_db


def test_a_row_is_written_and_changed_only_while_it_says_the_same() -> None:
    written, *_ = run(insert(JournalHead, {"id": 7, "sequence": 4, "digest": "a"}, returning=True))
    made = JournalHead(pk=written.rows[0][0], sequence=5, digest="a")
    assert [each.touched for each in run(update(made, ("sequence",), digest="b"))] == [0]
    assert [
        each.touched for each in run(update(made, ("sequence",), digest="a"), change(JournalHead, {"digest": "c"}))
    ] == [1, 1]
    assert list(JournalHead.objects.values_list("pk", "sequence", "digest")) == [(made.pk, 5, "c")]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(Refused, match="TXT-102"):
        insert(JournalHead, {"sequence": 1, "digest": "x" * 65})


def test_rows_that_tell_other_columns_are_not_written_in_part() -> None:
    first = {"id": 1, "sequence": 1, "digest": "a"}
    for other in ({"id": 2, "sequence": 2}, {**first, "id": 2, "noted_on": None}):
        with pytest.raises(TypeError, match="of every row"):
            insert(JournalHead, first, other)


def test_a_query_is_asked_again_with_other_values() -> None:
    for number in (1, 2):
        JournalHead.objects.create(pk=number, sequence=10 * number, digest=str(number))
    asked = Ready(
        lambda pk, digest: JournalHead.objects.filter(pk=pk, digest=digest).values_list("sequence"), pk=int, digest=str
    )
    assert [asked.ask(pk=1, digest="1"), asked.ask(pk=2, digest="2"), asked.ask(pk=1, digest="2")] == [
        [(10,)],
        [(20,)],
        [],
    ]
