"""上级平台: which platforms above the site figures are passed on to; set, started, stopped, asked to be sent anew.

Each act is a row of the journal. What passes figures on reads the settings anew each round, so that an act holds
within a minute without anything being started again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.records.monitoring.uploads.connecting import where_of_unit
from shuangkong.records.monitoring.uploads.higher_fields import (
    FIELDS,
    SECRETS,
    Kind,
    read_fields,
    read_secrets,
    refused,
)
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.paths import is_below
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise, Region


def where_of(platform: HigherPlatform) -> Where:
    """Where a platform's units lie."""
    return Where(platform.region.path, frozenset())


def platforms(by: Acting) -> QuerySet[HigherPlatform]:
    """Those not ended that a person may see, by place and name."""
    condition = visible(by, Action.MONITORING_READ, "region__path")
    rows = HigherPlatform.objects.select_related("region").filter(condition, ended_at=None)
    return rows.order_by("region__path", "name")


def set_platform(
    number: int | None, region: str, told: Mapping[str, str], by: Acting, ground: str, kind: Kind = Kind.FIGURES
) -> int:
    """Names a platform (``number`` None) or changes its settings; a new one stands still until it is started.

    Args:
        told: texts of ``FIELDS`` of its kind; what is secret and left empty stays.
        kind: of a new one; it does not change.

    Returns:
        The platform's number. ~6 queries.

    Raises:
        Refused: something of it is wrong; ``field`` says which.
        Forbidden: the person sets none there.
    """
    with transaction.atomic():
        platform = _fresh(region, kind) if number is None else _locked(number)
        kind = Kind(platform.kind)
        require(by, Action.MONITORING_PASS_ON, where_of(platform))
        before = None if number is None else _plain(platform)
        if number is not None:
            _require_ground(ground)
        for name, value in read_fields(kind, told).items():
            setattr(platform, name, value)
        secrets = read_secrets(kind, told)
        for name, text in secrets.items():
            setattr(platform, name, sealed(text))
        if platform.auth == Auth.TOKEN and not platform.token:
            raise refused("token", "这个平台要令牌，请填写", "the platform asks for a token: tell it", "")
        if _namesakes(platform).exists():
            raise refused(
                "name", "本地已有同名的上级平台，请换一个名称", "a platform of that name is there", platform.name
            )
        platform.save()
        after = _plain(platform) | dict.fromkeys(secrets, "…")
        act = "monitoring.platform_set"
        _record(platform, act, by, ground, before=before, after=after)
    return int(platform.pk)


def start(number: int, by: Acting, ground: str) -> None:
    """Figures go from now on. ~6 queries. Raises as ``stop``."""
    _switch(number, by, ground, is_on=True)


def stop(number: int, by: Acting, ground: str) -> None:
    """No figure goes from the next message on; what was not accepted stays owed. ~6 queries.

    Raises:
        Refused: there is no such platform, no ground is given, or it stands so already.
        Forbidden: the person stops none there.
    """
    _switch(number, by, ground, is_on=False)


def end(number: int, by: Acting, ground: str) -> None:
    """The platform is no more; what it accepted stays known. ~6 queries. Raises as ``stop``."""
    with transaction.atomic():
        platform = _to_act(number, by, ground)
        platform.is_on, platform.ended_at = False, timezone.now()
        platform.save(update_fields=("is_on", "ended_at"))
        _record(platform, "monitoring.platform_end", by, ground)


def resend(number: int, credit_code: str, since: date, by: Acting, ground: str) -> int:
    """Has figures of periods since a day sent again, of a unit or ("") of all; returns the order's number. ~7 queries.

    Raises as ``stop``, and where no unit of that credit code lies in the platform's place or the day is to come.
    """
    with transaction.atomic():
        platform = _to_act(number, by, ground)
        unit = None
        if credit_code.strip():
            unit = Enterprise.objects.select_related("region").filter(credit_code=credit_code.strip()).first()
            if unit is None or not is_below(where_of_unit(unit).path, platform.region.path):
                raise refused(
                    "credit_code", "应为本地一家单位的统一社会信用代码", "expected the code of a unit here", credit_code
                )
        if since > timezone.localdate():
            raise refused("since", "应为今天或以前", "expected today or before", since.isoformat())
        entry = _record(
            platform, "monitoring.platform_resend", by, ground,
            after={"since": since.isoformat(), "unit": credit_code.strip() or None},
        )  # fmt: skip
        made = ResendOrder.objects.create(
            platform=platform, enterprise=unit, since=since, author=by.author, at=timezone.now(), journal=entry
        )
    return int(made.pk)


def _switch(number: int, by: Acting, ground: str, *, is_on: bool) -> None:
    with transaction.atomic():
        platform = _to_act(number, by, ground)
        if platform.is_on is is_on:
            raise Refused("MON-287", "已经是这样了，不用再办。", "It stands so already.")
        platform.is_on = is_on
        platform.save(update_fields=("is_on",))
        _record(platform, "monitoring.platform_start" if is_on else "monitoring.platform_stop", by, ground)


def _fresh(region: str, kind: Kind) -> HigherPlatform:
    found = Region.objects.filter(pk=region).first()
    if found is None:
        raise refused("region", "应为一个地区的代码", "expected the code of a region", region)
    return HigherPlatform(region=found, kind=kind)


def _to_act(number: int, by: Acting, ground: str) -> HigherPlatform:
    platform = _locked(number)
    require(by, Action.MONITORING_PASS_ON, where_of(platform))
    _require_ground(ground)
    return platform


def _locked(number: int) -> HigherPlatform:
    rows = HigherPlatform.objects.select_related("region").select_for_update(of=("self",))
    found = rows.filter(pk=number, ended_at=None).first()
    if found is None:
        raise Refused("MON-285", f"没有第 {number} 号上级平台。", f"There is no platform {number}.")
    return found


def _namesakes(platform: HigherPlatform) -> QuerySet[HigherPlatform]:
    same = HigherPlatform.objects.filter(region=platform.region, name=platform.name, ended_at=None)
    return same.exclude(pk=platform.pk or 0)


def _record(platform: HigherPlatform, act: str, by: Acting, ground: str, **more: Any) -> int:
    written = by.act(act, f"higher_platform/{platform.pk}", ground=ground.strip(), **more)
    platform.journal = journal.append(replace(written, place=platform.region.path))
    platform.save(update_fields=("journal",))
    return platform.journal


def _plain(platform: HigherPlatform) -> dict[str, Any]:
    """The settings for the journal, without what is secret."""
    fields = FIELDS[Kind(platform.kind)]
    return {name: getattr(platform, name) for name in fields if name not in SECRETS}


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("MON-286", "请写明依据。", "Say on which ground.", "ground")
