"""A unit at a place that owes a return, signed once: for the realm, by the rows themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.models import (
    Agent,
    Attachment,
    FileEntry,
    FileEntryEvent,
    FileEntryPaper,
    Petition,
    Reporter,
    Return,
    Version,
    Window,
)
from shuangkong.records.reporting.verification.models import BodyEvent, CaseEvent, VerificationBody, VerificationCase
from shuangkong.reporting.content import Content

FORM, IMAGE = "energy_purchase", b"an invented file"
#: The last day of its return, and a later one that may be decided of it.
DUE = date(timezone.localdate().year + 2, 1, 1)
LATER = f"{DUE.replace(month=2)}"


def owed(region: str, body: int, period: str) -> dict[str, int | str]:
    """A window of the place with one return of the body's unit, of which two versions were signed."""
    path, now = path_of(region), timezone.now()
    month = int(period[:4]) * 12 + int(period[5:]) - 1
    window = Window.objects.create(
        form=FORM, period=period, first_month=month, region_id=region, path=path, due=DUE,
        opened_by="office", opened_at=now, journal=0,
    )  # fmt: skip
    reporter = Reporter.objects.create(
        kind="unit", code=f"R-{region}-{period}", name="虚构的用能单位", region_id=region, path=path, body_id=body,
    )  # fmt: skip
    made = Return.objects.create(
        window=window, reporter=reporter, form=FORM, period=period, first_month=month, path=path, chain=region,
        state="returned", due=DUE, levels=1, version=2, versions=2, changed_at=now,
    )  # fmt: skip
    content = Content(FORM, "2024-01-01").canonical.decode()
    said: dict[str, Any] = {"edition": "2024-01-01", "content": content, "digest": "0" * 64, "channel": "page"}
    for number in (1, 2):
        Version.objects.create(
            owned=made, number=number, filled_by="clerk", signed_by="clerk", signed_at=now, terminal="", **said
        )
    digest = hashlib.sha256(IMAGE).hexdigest()
    file, _ = TaskFile.objects.get_or_create(
        sha256=digest, defaults={"medium": "png", "size_bytes": len(IMAGE), "content": IMAGE}
    )
    kept = Attachment.objects.create(owned=made, version=2, file=file, name="照片.png", added_by="clerk", added_at=now)
    asked = Petition.objects.create(
        owned=made, kind="extend", state="open", ground="检修", due=LATER, file=file, name="通知.png",
        author="clerk", at=now, journal=0,
    )  # fmt: skip
    agent = Agent.objects.create(
        reporter=reporter, body_id=body, starts_on=timezone.localdate(), ground="协议", decided_by="clerk",
        decided_at=now, journal=0,
    )  # fmt: skip
    case = VerificationCase.objects.create(owned=made, path=path, state="opened", changed_on=timezone.localdate())
    CaseEvent.objects.create(
        case=case, kind="open", on=timezone.localdate(), ground="抽查", author="clerk", at=now, journal=0
    )
    CaseEvent.objects.create(
        case=case, kind="notify", on=timezone.localdate(), ground="请说明", author="clerk", at=now, journal=0
    )
    entry = FileEntry.objects.create(
        reporter=reporter, kind="undertaking", state="open", due=LATER, changed_at=now,
        told='{"sort": "voluntary", "text": "虚构的", "period": "2023", "signed_on": "2023-01-09", "signatory": "张"}',
    )  # fmt: skip
    entered = FileEntryEvent.objects.create(entry=entry, kind="enter", told="{}", author="clerk", at=now, journal=0)
    paper = FileEntryPaper.objects.create(event=entered, file=file, name="承诺书.png")
    verifier = VerificationBody.objects.create(code=f"V-{region}-{period}", name="虚构的核查机构", path=path)
    return {
        "case_id": case.pk, "verification_body_id": verifier.pk,
        "window_id": window.pk, "reporter_id": reporter.pk, "return_id": made.pk, "return_file_id": kept.pk,
        "file_entry_id": entry.pk, "file_entry_paper_id": paper.pk, "entry_kind": "evaluation",
        "which": 2, "agent_id": agent.pk, "petition_id": asked.pk,
    }  # fmt: skip


def commission(things: Mapping[str, int | str], body: int) -> None:
    """Gives the case of a place to its body of the register, for which the people of a body act, and which may work."""
    day, now = timezone.localdate(), timezone.now()
    given = VerificationBody.objects.filter(pk=int(things["verification_body_id"]))
    given.update(acts_for=body, acts_from=day)
    BodyEvent.objects.create(
        body=given.get(), kind="qualification", on=day, told=json.dumps({"from": "2020-01-01"}), ground="批准",
        author="clerk", at=now, journal=0,
    )  # fmt: skip
    case = VerificationCase.objects.filter(pk=int(things["case_id"]))
    case.update(given_to=given.get(), given_from=day)
    CaseEvent.objects.create(
        case=case.get(), kind="assign", on=day, ground="委托书", people="王\n李", body=given.get(), author="clerk",
        at=now, journal=1,
    )  # fmt: skip
