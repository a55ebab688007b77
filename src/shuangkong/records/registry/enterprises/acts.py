"""登记和变更: an enterprise is registered, changes, closes, opens again, becomes another; each a row of the journal."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from shuangkong.core.credit_code import CreditCodeFault, credit_code_fault, plain_credit_code
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.rows import EnterpriseEventKind, ParticularsRow
from shuangkong.records.registry.enterprises.store import particulars_of
from shuangkong.records.registry.models import Body, Enterprise, EnterpriseChange, EnterpriseEvent, Region
from shuangkong.rulebook import open_rulebook

#: The kind of a body that is an enterprise whose people report.
ENTERPRISE = "enterprise"
_LONGEST_NAME = 120

_FAULTS = {
    CreditCodeFault.LENGTH: ("应为 18 位", "it has eighteen signs"),
    CreditCodeFault.SIGN: ("含有不用的字符（字母 I、O、S、V、Z 不用）", "I, O, S, V and Z are not used"),
    CreditCodeFault.DIVISION: ("第 3 至 8 位应为数字", "signs three to eight are figures"),
    CreditCodeFault.CHECK: ("末位校验不符，有字写错", "its check sign does not fit: there is a slip in it"),
}


class Succession(StrEnum):
    """How one enterprise became another."""

    MERGED = "merged"  # 并入
    SPLIT = "split"  # 分出


def register_enterprise(
    wanted: ParticularsRow, by: Acting, ground: str, on: date | None = None, document: str = "",
    *, is_fictional: bool = False,
) -> int:  # fmt: skip
    """Registers an enterprise, from today where no day is given; returns its number. ~7 queries.

    Raises:
        Refused: no name, ground or such region; a wrong credit code, or one that another bears; no such industry; a day
            to come.
        Forbidden: the person may not register there.
    """
    day = on or timezone.localdate()
    with transaction.atomic():
        sound, region = _sound(wanted, ground, day, None)
        require(by, Action.ENTERPRISE_REGISTER, Where(region.path))
        made = Enterprise.objects.create(
            name=sound.name, credit_code=sound.credit_code, region=region, industry=sound.industry,
            is_fictional=is_fictional or region.is_fictional,
        )  # fmt: skip
        _event(made, by, EnterpriseEventKind.REGISTER, day, ground, document, None)
    return made.pk


def change_enterprise(
    number: int, wanted: ParticularsRow, by: Acting, ground: str, on: date | None = None, document: str = ""
) -> None:
    """Records what an enterprise is from a day on: another name, code, place or industry. ~9 queries.

    Raises:
        Refused: as ``register_enterprise``; there is no such enterprise, nothing changes, or a later change stands.
        Forbidden: the person may not register where it is, or where it goes.
    """
    day = on or timezone.localdate()
    with transaction.atomic():
        found = _held(number, by, day)
        sound, region = _sound(wanted, ground, day, found)
        require(by, Action.ENTERPRISE_REGISTER, Where(region.path))
        before = particulars_of(found)
        if sound == before:
            raise Refused("REG-209", "没有变化。请改后再保存。", "Nothing changes.", "name")
        found.name, found.credit_code, found.industry = sound.name, sound.credit_code, sound.industry
        found.region = region
        found.save(update_fields=["name", "credit_code", "industry", "region"])
        _event(found, by, EnterpriseEventKind.CHANGE, day, ground, document, asdict(before))


def close_enterprise(number: int, by: Acting, ground: str, on: date | None = None, document: str = "") -> None:
    """Records that an enterprise is closed from a day on; it keeps its code. Raises as ``change_enterprise``."""
    _open_or_close(number, by, ground, on, document, is_open=False)


def reopen_enterprise(number: int, by: Acting, ground: str, on: date | None = None, document: str = "") -> None:
    """Records that an enterprise works again from a day on. Raises as ``change_enterprise``."""
    _open_or_close(number, by, ground, on, document, is_open=True)


def name_reporter(number: int, by: Acting, ground: str) -> int:
    """Makes the body for which the enterprise's people act, once; returns its number. ~8 queries.

    Whoever is appointed reporter or signatory for that body sees this enterprise, and no other.

    Raises:
        Refused: there is no such enterprise, no ground, or a body of that name at the place is somebody else.
        Forbidden: the person may not register where it is.
    """
    today = timezone.localdate()
    with transaction.atomic():
        found = _held(number, by, today)
        _require_ground(ground)
        if found.body_id is not None:
            return found.body_id
        body, _ = Body.objects.get_or_create(region=found.region, name=found.name, defaults={"kind": ENTERPRISE})
        is_taken = Enterprise.objects.filter(body=body).exists() or body.kind == "department"
        if is_taken:
            zh = f"“{found.name}”已是另一单位的名称，请先在企业页变更名称。"
            raise Refused("REG-211", zh, "A body of that name is somebody else's.", "name")
        found.body = body
        found.save(update_fields=["body"])
        _event(found, by, EnterpriseEventKind.BODY, today, ground, "", None)
    return body.pk


def succeed_enterprise(before: int, after: int, kind: Succession, on: date, document: str, by: Acting) -> None:
    """Records that an enterprise was merged into another, which closes it, or that another was split off it.

    Raises:
        Refused: no document; there is no such enterprise; the two would follow one another in a circle; a day to come.
        Forbidden: the person may not register where they are.
    """
    if not document.strip():
        raise Refused("REG-101", "请写明批准文件。", "Name the document that orders the change.", "document")
    with transaction.atomic():
        first, then = _held(before, by, on), _held(after, by, None)
        if before == after or before in _followers(after):
            raise Refused("REG-212", "两个企业互为前后身。", "Each would have become the other.", "after")
        if on > timezone.localdate():
            raise _in_future()
        EnterpriseChange.objects.create(
            before=first, after=then, kind=kind, on=on, document=document, decided_by=by.author,
            decided_at=timezone.now(),
        )  # fmt: skip
        act = by.act("enterprise.succeed", f"enterprise/{before}", document=document)
        journal.append(replace(act, place=first.region.path, after={"after": after, "kind": kind.value, "on": on}))
        if kind is Succession.MERGED and first.is_open:
            close_enterprise(before, by, f"并入“{then.name}”", on, document)


def _open_or_close(number: int, by: Acting, ground: str, on: date | None, document: str, *, is_open: bool) -> None:
    day = on or timezone.localdate()
    with transaction.atomic():
        found = _held(number, by, day)
        _require_ground(ground)
        if found.is_open is is_open:
            zh = "企业已在运行。" if is_open else "企业已关停。"
            raise Refused("REG-210", zh, "It is so already.")
        if day > timezone.localdate():
            raise _in_future()
        found.is_open = is_open
        found.save(update_fields=["is_open"])
        kind = EnterpriseEventKind.REOPEN if is_open else EnterpriseEventKind.CLOSE
        _event(found, by, kind, day, ground, document, {"is_open": not is_open})


def _held(number: int, by: Acting, day: date | None) -> Enterprise:
    """The enterprise, held until the transaction ends. Raises Refused and Forbidden."""
    found = Enterprise.objects.select_related("region").select_for_update(of=("self",)).filter(pk=number).first()
    if found is None:
        raise Refused("REG-201", f"没有编号为 {number} 的企业。", f"There is no enterprise {number}.")
    require(by, Action.ENTERPRISE_REGISTER, Where(found.region.path))
    last = EnterpriseEvent.objects.filter(enterprise=found).order_by("-on").values_list("on", flat=True).first()
    if day is not None and last is not None and day < last:
        raise Refused(
            "REG-208",
            f"最近一次变更自 {last} 起，新的变更不能早于它。",
            f"The last change counts from {last}; a further one cannot lie before it.",
            "on",
        )
    return found


def _sound(wanted: ParticularsRow, ground: str, day: date, found: Enterprise | None) -> tuple[ParticularsRow, Region]:
    """What is to be written down, and its region. Raises Refused."""
    said = replace(
        wanted, name=" ".join(wanted.name.split()), credit_code=plain_credit_code(wanted.credit_code),
        industry=wanted.industry.strip().upper(),
    )  # fmt: skip
    _require_ground(ground)
    if not said.name or len(said.name) > _LONGEST_NAME:
        zh = f"请写明企业名称，不超过 {_LONGEST_NAME} 字。"
        raise Refused("REG-202", zh, f"Give its name, at most {_LONGEST_NAME} signs.", "name")
    _require_code(said.credit_code, found)
    region = Region.objects.filter(pk=said.region).first()
    if region is None:
        raise Refused("REG-102", f"没有代码为 {said.region} 的地区。", f"There is no region {said.region}.", "region")
    if said.industry and said.industry not in open_rulebook().industries():
        zh = f"没有代码为 {said.industry} 的国民经济行业。"
        raise Refused("REG-206", zh, f"There is no industry {said.industry}.", "industry")
    if day > timezone.localdate():
        raise _in_future()
    return said, region


def _require_code(code: str, found: Enterprise | None) -> None:
    if not code:
        return
    fault = credit_code_fault(code)
    if fault is not None:
        zh, en = _FAULTS[fault]
        raise Refused(
            "REG-204",
            f"统一社会信用代码 {code[:40]} 不对：{zh}。请核对营业执照。",
            f"The credit code {code[:40]} is wrong: {en}. Look at the licence.",
            "credit_code",
        )
    other = Enterprise.objects.filter(credit_code=code).exclude(pk=found.pk if found else 0).first()
    if other is not None:
        zh = f"代码 {code} 已登记在企业“{other.name}”名下。一个企业只登记一次：请在它的页面上补充。"
        raise Refused("REG-205", zh, f"“{other.name}” bears this code already: add to it there.", "credit_code")


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("REG-203", "请写明依据。", "Give the ground.", "ground")


def _in_future() -> Refused:
    return Refused("REG-207", "日期不能晚于今天。", "The day cannot be in the future.", "on")


def _event(
    found: Enterprise, by: Acting, kind: EnterpriseEventKind, day: date, ground: str, document: str, before: object
) -> None:
    said = asdict(particulars_of(found)) | {"body": found.body_id, "is_open": found.is_open, "on": day}
    act = by.act(
        f"enterprise.{kind.value}", f"enterprise/{found.pk}", ground=ground, document=document, before=before,
        after=said,
    )  # fmt: skip
    EnterpriseEvent.objects.create(
        enterprise=found, kind=kind, on=day, name=found.name, credit_code=found.credit_code, region=found.region,
        industry=found.industry, body=found.body, is_open=found.is_open, ground=ground, document=document,
        author=by.author, at=timezone.now(), journal=journal.append(replace(act, place=found.region.path)),
    )  # fmt: skip


def _followers(number: int) -> set[int]:
    """Everything that an enterprise became, through any number of changes, itself included. 1 query."""
    steps = list(EnterpriseChange.objects.values_list("before_id", "after_id"))
    reached, edge = {number}, [number]
    while edge:
        here = edge.pop()
        edge += [after for before, after in steps if before == here and after not in reached]
        reached.update(edge)
    return reached
