"""The document of a plan that is here as facts: kept with it where its words stand at their places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors import CLERK, READER
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow


@pytest.fixture
def facts(regions: None, document: Document, reading: Reading) -> PlanRow:
    """The plan as facts: entries with their places, no file and no text."""
    return store.save_reading(None, document, reading, (), READER)


def attach(document: Document, reading: Reading) -> store.Attachment | None:
    return store.attach_document(document.text.encode(), document, reading.head, CLERK)


def test_the_same_document_gives_the_facts_their_text(facts: PlanRow, document: Document, reading: Reading) -> None:
    assert store.plan_text(facts.id) == ""
    made = attach(document, reading)
    assert made is not None
    assert (made.plan.id, made.plan.has_text, made.misplaced) == (facts.id, True, 0)
    assert made.compared > len(reading.items)
    assert store.plan_text(facts.id) == document.text
    assert attach(document, reading) is None  # it has its text now


def test_another_print_is_not_attached(facts: PlanRow, document: Document, reading: Reading) -> None:
    shifted = replace(document, text="　" + document.text)
    made = attach(shifted, reading)
    assert made is not None
    assert made.misplaced > 0
    assert store.plan_text(facts.id) == ""


def test_a_document_of_another_number_or_title_is_another_plan(
    facts: PlanRow, document: Document, reading: Reading
) -> None:
    for head in (replace(reading.head, doc_no="别府发〔9999〕1号"), replace(reading.head, title="另一方案")):
        assert attach(document, replace(reading, head=head)) is None
