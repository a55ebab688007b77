"""平台接口: register → version → dictionary → configuration → data, as the access ends of units call it (NHJC).

No session of the site: an access end is known by its number and its unit's credit code; where the place's platform
enciphers, by its key besides; where it asks for a token, each message bears one that its unit's person made. What is
kept of a message is without it. Every call is answered in the words of the specification.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shuangkong.monitoring.uploads.book import UploadRule
from shuangkong.monitoring.uploads.dictionary import dictionary as dictionary_of
from shuangkong.protocols.nhjc.messages import Wrong, answer, read_configuration, read_data
from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.monitoring.uploads.connecting import ask, key_of, unit_of, where_of_unit
from shuangkong.records.monitoring.uploads.models import AccessEnd
from shuangkong.records.monitoring.uploads.taking import access_of, take_configuration, take_data
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.people.tokens import token_acting
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.uploads.storing import store_owed
from shuangkong.web.people.whence import network_of, whence_of

#: Bytes of one message.
LONGEST = 8 << 20
#: Version of the register (regVersion): what a unit is given does not change by itself.
REGISTER = "1"
_WAITS = "已收到接入申请，等待主管部门确认 Asked; waiting for the authority to confirm"

type _Answering = Callable[[HttpRequest, Any, bytes], dict[str, Any]]


def _call(answering: _Answering) -> Callable[[HttpRequest], JsonResponse]:
    """A call as a view: bounded, JSON in and out; what is wrong is answered, not thrown."""

    @csrf_exempt
    @login_not_required
    @require_POST
    def view(request: HttpRequest) -> JsonResponse:
        if int(request.headers.get("Content-Length") or 0) > LONGEST:
            wrong = Wrong("$", f"至多 at most {LONGEST} bytes", request.headers.get("Content-Length", ""))
            return JsonResponse(answer([wrong]), status=413)
        content = request.body
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            return JsonResponse(answer([Wrong("$", "JSON（UTF-8）", "不是 not JSON")]), status=400)
        try:
            content = _proved(said, content)
            return JsonResponse(answering(request, said, content))
        except Refused as refused:
            return JsonResponse(answer([f"{refused.code} {refused.message.zh} {refused.message.en}"]))

    return view


def _proved(said: Any, content: bytes) -> bytes:
    """The message as it is kept; raises Refused where it bears no token and the unit's place asks for one."""
    unit = unit_of(_word(said, "enterpriseCode"), _word(said, "deviceId"))
    profile = _rule(unit.region_id if unit is not None else _word(said, "region")).profile
    if profile.auth is not Auth.TOKEN:
        return content
    by = token_acting(f"Bearer {_word(said, profile.token_field)}")
    if unit is None or by is None or not may(by, Action.MONITORING_UPLOAD, where_of_unit(unit)):
        raise Refused(
            "MON-266",
            f"{profile.token_field}：令牌缺少、不符、已失效，或不是这家单位的。请换用本单位有“上报监测读数”权限的令牌。",
            f"{profile.token_field}: no token in force of this unit. Use one of its own that may upload.",
        )
    del said[profile.token_field]
    return json.dumps(said, ensure_ascii=False).encode()


def _register(request: HttpRequest, said: Any, content: bytes) -> dict[str, str]:
    code, region = _word(said, "enterpriseCode"), _word(said, "region")
    unit = unit_of(code, "")
    # Whether figures are enciphered follows from where the unit is registered, never from what it says.
    rule = _rule(unit.region_id if unit is not None else region)
    handed = ask(code, region, network_of(whence_of(request).address), with_key=rule.is_sealed)
    if handed is None:
        return answer([_WAITS])
    site = request.build_absolute_uri("/").rstrip("/")
    urls = {
        "loadDicVersionURL": "version", "downloadBaseDataURL": "dictionary", "centerInfoURL": "configure",
        "centerDataURL": "data",
    }  # fmt: skip
    at = {name: site + reverse(f"uplink:{view}") for name, view in urls.items()}
    key = {"secretKey": handed.key} if handed.key else {}
    return answer(deviceId=handed.device, uploadTime=rule.profile.upload_time, **at, **key)


def _version(request: HttpRequest, said: Any, content: bytes) -> dict[str, str]:
    _connected(said)
    return answer(regVersion=REGISTER, dicVersion=dictionary_of(open_rulebook().folder).version)


def _dictionary(request: HttpRequest, said: Any, content: bytes) -> dict[str, Any]:
    """The code tables, or the one of ``itemIndex``; who compares versions fetches them when they have changed."""
    _connected(said)
    held, which = dictionary_of(open_rulebook().folder), _word(said, "itemIndex")
    tables = held.asked(which)
    if not tables:
        known = "、".join(f"{each.index or each.id} {each.name}" for each in held.tables)
        raise Refused(
            "MON-280",
            f"itemIndex：应为 {known} 之一，或不写（全部），实为 {which[:20]}。",
            f"itemIndex: expected one of {known}, or none for all; found {which[:20]}.",
        )
    told = [{"itemIndex": each.index, "id": each.id, "name": each.name, "codes": list(each.rows)} for each in tables]
    return {**answer(regVersion=REGISTER, dicVersion=held.version), "data": told}


def _connected(said: Any) -> None:
    if unit_of("", _word(said, "deviceId")) is None:
        raise _unknown()


def _configure(request: HttpRequest, said: Any, content: bytes) -> dict[str, str]:
    held = _known(said)
    return answer(take_configuration(held, read_configuration(said), content))


def _data(request: HttpRequest, said: Any, content: bytes) -> dict[str, str]:
    held = _known(said)
    rule, key = _rule(held.enterprise.region_id), key_of(held)
    if rule.is_sealed and key is None:
        raise Refused(
            "MON-279",
            "本地平台要求加密（SM4）上传，这个接入端没有密钥，明文不收。请重新登记，经确认后取得密钥。",
            "This place's platform takes enciphered figures (SM4) only and this access end has no key. Register anew.",
        )
    profile = replace(rule.profile, key=key)
    taken = take_data(held, read_data(said, profile), content)
    with suppress(StoreDown, StoreRefused):
        # What the store does not get now the clock gives it later.
        store_owed()
    return answer(taken.wrong)


def _known(said: Any) -> AccessEnd:
    held = access_of(_word(said, "deviceId"), _word(said, "enterpriseCode"))
    if held is None:
        raise _unknown()
    return held


def _unknown() -> Refused:
    return Refused(
        "MON-235",
        "接入端编号与统一社会信用代码不符，或尚未登记。请重新登记。",
        "The number and the credit code do not belong together, or are not registered. Register anew.",
    )


def _rule(region: str) -> UploadRule:
    book = open_rulebook()
    return book.monitoring(book.layer_of(region, timezone.localdate())).uploads


def _word(said: Any, name: str) -> str:
    found = said.get(name) if isinstance(said, dict) else None
    return found.strip() if isinstance(found, str) else ""


register, version, dictionary = _call(_register), _call(_version), _call(_dictionary)
configure, data = _call(_configure), _call(_data)
