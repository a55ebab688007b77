"""What a person sends to the pages of the cascade, and what they say."""

from __future__ import annotations

from io import BytesIO

import cascade_site as site
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import EntryKind

REGISTER, ANSWERS = "/plans/cascade/register/", "/plans/cascade/responsible/"


def text_of(answer: HttpResponse, status: int = 200) -> str:
    """What an answer of that status says."""
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def words(client: Client, path: str, status: int = 200) -> str:
    """What a page says."""
    return text_of(client.get(path), status)


def sheet(client: Client, path: str) -> list[list[str]]:
    """The first sheet of a workbook, cell by cell."""
    content = client.get(path).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def proposal(plan: int, kind: EntryKind) -> dict[str, object]:
    """What the form of the plan's first proposal of a kind sends."""
    found = next(each for each in store.register_proposals(plan) if each.kind is kind)
    said = {"form": "proposal", "kind": found.kind, "title": found.title, "item": found.item, "act": "register"}
    return said | {"owner": found.owner or "", "due": found.due or "", "ground": "方案条文"}


def registered(client: Client, plan: int, kind: EntryKind) -> int:
    """The number of an entry registered from the first proposal of a kind."""
    answer = client.post(f"/plans/{plan}/cascade/open/decide/", proposal(plan, kind))
    assert answer.status_code == 302
    return max(row.id for row in store.registered(Q(plan=plan, kind=kind)))


def naming(**more: object) -> dict[str, object]:
    """What the form sends that names somebody who answers for the town."""
    said = {"subject": f"region-{site.TOWN}", "rank": "first", "person": "甲某", "post": "镇长", "ground": "方案（四）"}
    return said | {"starts_on": "2024-01-01"} | more
