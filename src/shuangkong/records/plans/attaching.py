"""The document of a plan that came as facts: it is kept with that plan once its words stand where the facts say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Head
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import write
from shuangkong.records.plans.entries import entries
from shuangkong.records.plans.library import keep_file, plan_row
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import EntryKind, EntryRow, PlanRow


@dataclass(frozen=True, slots=True)
class Attachment:
    """What came of a document whose plan is here as facts. Attached only where nothing is ``misplaced``."""

    plan: PlanRow
    compared: int
    misplaced: int


def attach_document(content: bytes, document: Document, head: Head, by: Acting) -> Attachment | None:
    """Keeps the file with the plan of that number and title which has no text; None where there is no such plan.

    Headings and bodies are looked up in the document at the places that the facts give them. One that stands elsewhere
    means another print of the document: then nothing is attached, for every highlight would be wrong.
    """
    with transaction.atomic():
        found = _awaiting(head, by)
        if found is None:
            return None
        named = list(_named(entries(found.pk)))
        misplaced = sum(_plain(words) != _plain(span.of(document.text)) for words, span in named)
        if named and not misplaced:
            found.file = keep_file(content, document, by.author)
            found.save(update_fields=["file"])
            write(found, by, "plan.attach", document=found.file.sha256, after={"compared": len(named)})
        return Attachment(plan_row(found), len(named), misplaced)


def _awaiting(head: Head, by: Acting) -> Plan | None:
    """The newest plan without text whose number and title are those of the head, where the person may read in."""
    if not head.doc_no or not head.title:
        return None
    within = visible(by, Action.PLAN_UPLOAD, "region__path")
    waiting = Plan.objects.select_related("region").filter(within, file=None, doc_no=head.doc_no).order_by("-pk")
    return next((plan for plan in waiting if _plain(plan.title) == _plain(head.title)), None)


def _named(found: Iterable[EntryRow]) -> Iterable[tuple[str, Span]]:
    """Words that the reader took over as printed, with their places."""
    for entry in found:
        if entry.kind is EntryKind.BODY and entry.span is not None:
            yield entry.read["name"], entry.span
        elif entry.kind is EntryKind.ITEM:
            yield entry.read["title"], Span(*entry.read["title_span"])


def _plain(words: str) -> str:
    return "".join(words.split())
