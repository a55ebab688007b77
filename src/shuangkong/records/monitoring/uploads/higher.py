"""上级平台: which platforms above the site figures are passed on to; set, started, stopped, asked to be sent anew.

Each act is a row of the journal. What passes figures on reads the settings anew each round, so that an act holds
within a minute without anything being started again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.records.monitoring.uploads.connecting import where_of_unit
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.paths import is_below
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise, Region

#: The specification has values kept half a year at the least.
LEAST_KEEP_DAYS = 184
#: Words of how a platform writes whether a figure holds.
VALID_WORDS = ("true_is_valid", "zero_is_valid")
_MOST_KEEP_DAYS, _MOST_NAME, _MOST_URL, _MOST_TOKEN, _MOST_CA, _MOST_UNITS = 3_660, 80, 300, 500, 65_536, 20_000
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
#: Fields of the settings, in the order of the form.
FIELDS = (
    "name", "register_url", "auth", "token", "ca", "valid", "is_dashed", "day_time", "units", "with_fictional",
    "keep_days",
)  # fmt: skip
_SECRET = "token"


def where_of(platform: HigherPlatform) -> Where:
    """Where a platform's units lie."""
    return Where(platform.region.path, frozenset())


def platforms(by: Acting) -> QuerySet[HigherPlatform]:
    """Those not ended that a person may see, by place and name."""
    condition = visible(by, Action.MONITORING_READ, "region__path")
    rows = HigherPlatform.objects.select_related("region").filter(condition, ended_at=None)
    return rows.order_by("region__path", "name")


def set_platform(number: int | None, region: str, told: Mapping[str, str], by: Acting, ground: str) -> int:
    """Names a platform (``number`` None) or changes its settings; a new one stands still until it is started.

    Args:
        told: texts of ``FIELDS``; a token left empty stays.

    Returns:
        The platform's number. ~6 queries.

    Raises:
        Refused: something of it is wrong; ``field`` says which.
        Forbidden: the person sets none there.
    """
    with transaction.atomic():
        platform = _fresh(region) if number is None else _locked(number)
        require(by, Action.MONITORING_PASS_ON, where_of(platform))
        before = None if number is None else _plain(platform)
        if number is not None:
            _require_ground(ground)
        for name in FIELDS:
            if name != _SECRET:
                setattr(platform, name, _READ[name](told.get(name, "").strip()))
        token = _line("token", told.get(_SECRET, "").strip(), _MOST_TOKEN)
        if token:
            platform.token = sealed(token)
        if platform.auth == Auth.TOKEN and not platform.token:
            raise _refused("token", "这个平台要令牌，请填写", "the platform asks for a token: tell it", "")
        if _namesakes(platform).exists():
            raise _refused(
                "name", "本地已有同名的上级平台，请换一个名称", "a platform of that name is there", platform.name
            )
        platform.save()
        after = _plain(platform) | ({"token": "…"} if token else {})
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
                raise _refused(
                    "credit_code", "应为本地一家单位的统一社会信用代码", "expected the code of a unit here", credit_code
                )
        if since > timezone.localdate():
            raise _refused("since", "应为今天或以前", "expected today or before", since.isoformat())
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


def _fresh(region: str) -> HigherPlatform:
    found = Region.objects.filter(pk=region).first()
    if found is None:
        raise _refused("region", "应为一个地区的代码", "expected the code of a region", region)
    return HigherPlatform(region=found)


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
    return {name: getattr(platform, name) for name in FIELDS if name != _SECRET}


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("MON-286", "请写明依据。", "Say on which ground.", "ground")


def _refused(field: str, zh: str, en: str, found: str) -> Refused:
    shown = found[:60] or "（空）"
    return Refused("MON-284", f"{field}：{zh}，实为 {shown}。", f"{field}: {en}; found {shown}.", field)


def _line(field: str, text: str, most: int) -> str:
    if len(text) > most or not text.isprintable():
        raise _refused(field, f"一行，最多 {most} 个字", f"one line of at most {most} signs", f"{len(text)}")
    return text


def _name(text: str) -> str:
    if not text:
        raise _refused("name", "必须填写", "has to be told", text)
    return _line("name", text, _MOST_NAME)


def _url(text: str) -> str:
    try:
        parts = urlsplit(_line("register_url", text, _MOST_URL))
        is_good = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise _refused("register_url", "应为 https://… 的登记地址", "expected an address https://…", text)
    return text


def _one_of(field: str, words: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise _refused(field, f"应为 {'、'.join(words)} 之一", f"expected one of {', '.join(words)}", text)
        return text

    return read


def _ca(text: str) -> str:
    if text and (len(text) > _MOST_CA or not all(_CERTIFICATE.fullmatch(each) for each in _blocks(text))):
        raise _refused("ca", "应为 PEM 证书，或不填", "expected PEM certificates, or nothing", text[:30])
    return text


def _blocks(text: str) -> list[str]:
    end_line = "-----END CERTIFICATE-----"
    return [each.strip() + end_line for each in text.split(end_line)[:-1]] or [text]


def _time(text: str) -> str:
    try:
        return time.fromisoformat(text).strftime("%H:%M:%S")
    except ValueError:
        raise _refused("day_time", "应为 HH:MM:SS", "expected HH:MM:SS", text) from None


def _units(text: str) -> str:
    codes = text.replace("，", " ").replace(",", " ").split()
    wrong = next((each for each in codes if not _CREDIT_CODE.fullmatch(each)), None)
    if wrong is not None or len(text) > _MOST_UNITS:
        raise _refused(
            "units",
            "应为 18 位统一社会信用代码，空格隔开",
            "expected credit codes of 18 signs",
            wrong or f"{len(text)}",
        )
    return " ".join(dict.fromkeys(codes))


def _keep_days(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not LEAST_KEEP_DAYS <= int(text[:6]) <= _MOST_KEEP_DAYS:
        span = f"{LEAST_KEEP_DAYS}–{_MOST_KEEP_DAYS}"
        raise _refused("keep_days", f"应为 {span} 的整数", f"expected a whole number of {span}", text)
    return int(text)


def _flag(text: str) -> bool:
    return text in ("on", "true", "1", "是")


_READ: Mapping[str, Callable[[str], Any]] = {
    "name": _name, "register_url": _url, "auth": _one_of("auth", tuple(Auth)), "ca": _ca,
    "valid": _one_of("valid", VALID_WORDS), "is_dashed": _flag, "day_time": _time, "units": _units,
    "with_fictional": _flag, "keep_days": _keep_days,
}  # fmt: skip
