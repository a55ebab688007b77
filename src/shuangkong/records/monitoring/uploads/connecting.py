"""接通: an access end asks, an official confirms, it fetches its number and key once; later it is ended.

Whoever knows a credit code may ask; nothing is handed out before a person has confirmed, and then once, to the address
that the person saw: who asks from another while one waits changes nothing. A unit that lost its number asks again and
is confirmed again, with a new key; until then what was connected stays so.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from hmac import compare_digest

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.secrets import opened, sealed
from shuangkong.records.monitoring.uploads.models import AccessEnd
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise


@dataclass(frozen=True, slots=True)
class Handed:
    """What an access end is given, once: its number, and the key in hexadecimal digits ("" where none is used)."""

    device: str
    key: str


def ask(credit_code: str, region: str, address: str, *, with_key: bool) -> Handed | None:
    """A unit's access end asks to be connected. ~4 queries.

    Returns:
        Its number and key where a person has confirmed this address and nobody has fetched them; None where it has to
        wait.

    Raises:
        Refused: no unit of that code is registered, or it lies in another place than the one that is told.
    """
    with transaction.atomic():
        enterprise = unit_of(credit_code, "") if credit_code else None
        if enterprise is None:
            raise Refused(
                "MON-231",
                f"统一社会信用代码 {credit_code[:30] or '（空）'} 的单位未登记。请向节能主管部门登记后再接入。",
                f"No unit with the credit code {credit_code[:30] or '(none)'} is registered. Have it registered first.",
            )
        _require_place(enterprise, region)
        held = AccessEnd.objects.select_for_update().filter(enterprise=enterprise, ended_at=None).first()
        if held is None:
            AccessEnd.objects.create(
                enterprise=enterprise, device=secrets.token_hex(16), region=region[:6], asked_at=timezone.now(),
                asked_from=address[:60],
            )  # fmt: skip
            return None
        if held.picked_at is not None and not is_ready(held) and not asks_again(held):
            # The same words from whoever asks: a number that was fetched is told to nobody unconfirmed.
            held.asked_at, held.asked_from = timezone.now(), address[:60]
            held.save(update_fields=("asked_at", "asked_from"))
            return None
        is_other = not compare_digest(held.asked_from.encode(), address[:60].encode())
        if not is_ready(held) or is_other:
            return None
        held.picked_at = timezone.now()
        key = secrets.token_hex(16) if with_key else ""
        held.key = sealed(key)
        held.save(update_fields=("picked_at", "key"))
        return Handed(held.device, key)


def confirm(number: int, by: Acting, ground: str) -> None:
    """Lets an access end fetch its number; one that had one goes on with it until it fetches anew. ~6 queries.

    Raises:
        Refused: there is none that asks, or no ground is given.
        Forbidden: the person connects nobody there.
    """
    with transaction.atomic():
        held = _locked(number, by)
        if held.confirmed_at is not None and not asks_again(held):
            raise Refused("MON-233", "已经确认过。", "It has been confirmed already.")
        _require_ground(ground)
        written = by.act("monitoring.connect", f"access_end/{number}", ground=ground.strip())
        held.journal = journal.append(replace(written, place=held.enterprise.region.path))
        held.confirmed_at, held.confirmed_by = timezone.now(), by.author
        held.save(update_fields=("journal", "confirmed_at", "confirmed_by"))


def end(number: int, by: Acting, ground: str) -> None:
    """An access end uploads no more; what it sent stays. ~6 queries. Raises as ``confirm``."""
    with transaction.atomic():
        held = _locked(number, by)
        _require_ground(ground)
        written = by.act("monitoring.disconnect", f"access_end/{number}", ground=ground.strip())
        held.journal = journal.append(replace(written, place=held.enterprise.region.path))
        held.ended_at, held.key = timezone.now(), None
        held.save(update_fields=("journal", "ended_at", "key"))


def asks_again(held: AccessEnd) -> bool:
    """Whether one that is connected asks for its number anew, and nobody has confirmed that."""
    return held.picked_at is not None and held.asked_at > held.picked_at and not is_ready(held)


def is_ready(held: AccessEnd) -> bool:
    """Whether a number and key wait to be fetched: confirmed, and not fetched since."""
    return held.confirmed_at is not None and (held.picked_at is None or held.confirmed_at > held.picked_at)


def unit_of(credit_code: str, device: str) -> Enterprise | None:
    """The unit of a credit code, or, without one, of an access end that has fetched its number. 1 query."""
    units = Enterprise.objects.select_related("region")
    if credit_code:
        return units.filter(credit_code=credit_code).first()
    ends = AccessEnd.objects.filter(device=device, ended_at=None).exclude(picked_at=None)
    return units.filter(pk__in=ends.values("enterprise")).first() if device else None


def where_of(held: AccessEnd) -> Where:
    """Where an access end lies, and whose it is."""
    return where_of_unit(held.enterprise)


def where_of_unit(unit: Enterprise) -> Where:
    """Where a unit lies, and whose it is."""
    return Where(unit.region.path, frozenset({unit.body_id}) if unit.body_id is not None else frozenset())


def key_of(held: AccessEnd) -> bytes | None:
    """The key of SM4; None where none was given."""
    text = opened(held.key)
    return bytes.fromhex(text) if text else None


def _locked(number: int, by: Acting) -> AccessEnd:
    found = (
        AccessEnd.objects.select_related("enterprise__region")
        .select_for_update(of=("self",))
        .filter(pk=number, ended_at=None)
        .first()
    )
    if found is None:
        raise Refused("MON-232", f"没有第 {number} 号接入端。", f"There is no access end {number}.")
    require(by, Action.MONITORING_CONNECT, where_of(found))
    return found


def _require_place(enterprise: Enterprise, region: str) -> None:
    """A unit names the region that it is registered in, or one around it; how it uploads follows from its own alone."""
    if region and f"{SEPARATOR}{region}{SEPARATOR}" in enterprise.region.path:
        return
    found, own = region[:30] or "（空）", f"{enterprise.region.name}（{enterprise.region_id}）"
    raise Refused(
        "MON-281",
        f"region：应为本单位登记所在的行政区划 {own}，实为 {found}。请改正后重新登记；迁址的，先向节能主管部门变更。",
        f"region: expected the unit's own, {own}; found {found}. Correct it; who has moved has that registered first.",
        "region",
    )


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("MON-234", "请写明依据。", "Say on which ground.", "ground")
