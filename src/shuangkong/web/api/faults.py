"""What a programme is told when something cannot be done: always the same four words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shuangkong.papers.tables import SheetRefused
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.web.api.values import FAR
from shuangkong.web.site.views.errors import SAFE

#: Addresses of the interface itself; the page that describes it is a page.
_CALL = re.compile(r"/api/v[0-9]+/")


#: Sort of fault (its beginning, as pydantic names it) → what was expected.
_EXPECTED = (
    ("missing", "必须填写"),
    (FAR, "应为 {first}—{last} 年间的日期"),
    ("date", "应为 YYYY-MM-DD 形式的日期"),
    ("int", "应为整数"),
    ("bool", "应为 true 或 false"),
    ("enum", "应为下列之一：{expected}"),
    ("string_too_long", "最多 {max_length} 个字"),
    ("string_type", "应为文字"),
    ("list", "应为列表"),
    ("too_long", "最多 {max_length} 项"),
    ("greater_than_equal", "不应小于 {ge}"),
    ("greater_than", "应大于 {gt}"),
    ("less_than_equal", "不应大于 {le}"),
    ("less_than", "应小于 {lt}"),
)


class Fault(Schema):
    """``code`` never changes its meaning; ``zh`` and ``en`` say what to do; ``field`` is the word at fault, or ""."""

    code: str
    zh: str
    en: str
    field: str


_UNKNOWN = Fault(
    code="API-101",
    zh="没有带令牌，或令牌无效、已撤销、已到期。请在 Authorization 头里写 Bearer 和有效的令牌。",
    en="No token, or one that is wrong, revoked or over. Send Authorization: Bearer and a token in force.",
    field="",
)
_ABSENT = Fault(
    code="API-102", zh="没有这一项，或不在可见范围内。", en="There is no such thing, or not for you.", field=""
)
_FORGED = Fault(
    code="API-103",
    zh="浏览器会话的修改请求须带 X-CSRFToken 头；程序请改用令牌。",
    en="A change from a browser's session needs the header X-CSRFToken; a programme uses a token.",
    field="",
)


#: What the site itself answers to a call before any operation sees it → what a programme is told.
_UNREAD = {
    302: (403, "API-108", "登录后还有必须先办的事（改密码或设置两步验证）。请先在网页上办完，或改用令牌。",
          "Something must be done first in the browser: change the password or set up the second factor."),
    400: (400, "API-109", "请求看不懂或太大。请按接口文档修改；文件一次最多 20 MB。",
          "The call cannot be read, or is too large: files of 20 MB at most."),
    403: (403, "API-103", _FORGED.zh, _FORGED.en),
    404: (404, "API-102", _ABSENT.zh, _ABSENT.en),
    405: (405, "API-110", "这个地址不接受这种方法。请按接口文档修改。", "The address does not take this method."),
    413: (413, "API-109", "请求看不懂或太大。请按接口文档修改；文件一次最多 20 MB。",
          "The call cannot be read, or is too large: files of 20 MB at most."),
    422: (422, "SIT-101", "送来的文字里有空字符（U+0000）。请去掉后再送。", "A text holds a NUL sign."),
    500: (500, "API-901", "系统出错了，数据没有改动。请稍后再试，并把时间和地址告诉管理员。",
          "The site failed; nothing was changed. Try again later and tell the administrator."),
}  # fmt: skip
#: As the site fails on what changes something: the line to the database may have broken while it was being kept.
#: First of what changes the same, done once or twice, then of the rest.
_UNKNOWN_ONCE = Fault(
    code="API-902",
    zh="系统出错了，不能确定这次操作有没有记下。请先查看它现在的状态；没有记下的原样再送：同样的报表送两次仍是一份。"
    "仍然出错时，把时间和地址告诉管理员。",
    en="The site failed; whether this was kept is not known. Look how it stands; if it was not kept, send the same"
    " again: the same return twice is one return. Tell the administrator if it fails again.",
    field="",
)
_UNKNOWN_OUTCOME = Fault(
    code="API-902",
    zh="系统出错了，不能确定这次操作有没有记下。请先查看它现在的状态，确实没有记下的再送：已经记下的再送一次，可能成为两次。"
    "仍然出错时，把时间和地址告诉管理员。",
    en="The site failed; whether this was kept is not known. Look how it stands, and send it again only if it was not"
    " kept: what was kept may be done twice. Tell the administrator if it fails again.",
    field="",
)
_ONCE = re.compile(r"/reporting/(many|returns/\d+/(draft|submit))$")


class FaultsOnly:
    """Whatever answers a call of the interface, a refusal is a Fault: never a page, never the way to a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        told = _UNREAD.get(answer.status_code)
        if (
            told is None
            or not _CALL.match(request.path)
            or answer.get("Content-Type", "").startswith("application/json")
        ):
            return answer
        status, code, zh, en = told
        known = Fault(code=code, zh=zh, en=en, field="")
        said = known
        if status == 500 and request.method not in SAFE:
            said = _UNKNOWN_ONCE if _ONCE.search(request.path) else _UNKNOWN_OUTCOME
        fault = JsonResponse(said.dict(), status=status)
        if "Allow" in answer:
            fault["Allow"] = answer["Allow"]
        return fault


def answer_faults(api: NinjaAPI) -> None:
    """Makes every refusal of the stores, and every malformed call, a Fault."""

    def told(request: HttpRequest, fault: Fault, status: int) -> HttpResponse:
        return api.create_response(request, fault, status=status)

    def refused(request: HttpRequest, found: Refused | type[Refused]) -> HttpResponse:
        assert isinstance(found, Refused)
        fault = Fault(code=found.code, zh=found.message.zh, en=found.message.en, field=found.field)
        return told(request, fault, 403 if isinstance(found, Forbidden) else 422)

    def sheet_refused(request: HttpRequest, found: SheetRefused | type[SheetRefused]) -> HttpResponse:
        assert isinstance(found, SheetRefused)
        return told(request, Fault(code=found.code, zh=found.zh, en=found.en, field="file"), 422)

    def malformed(request: HttpRequest, found: ValidationError | type[ValidationError]) -> HttpResponse:
        assert isinstance(found, ValidationError)
        return told(request, _malformed(found), 422)

    def odd(request: HttpRequest, found: HttpError | type[HttpError]) -> HttpResponse:
        assert isinstance(found, HttpError)
        if found.status_code == 403:
            return told(request, _FORGED, 403)
        zh, en = f"请求无法读取（{found}）。请按接口文档修改。", f"The call cannot be read ({found})."
        return told(request, Fault(code="API-105", zh=zh, en=en, field=""), 422)

    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(SheetRefused, sheet_refused)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(HttpError, odd)
    api.add_exception_handler(Http404, lambda request, found: told(request, _ABSENT, 404))
    api.add_exception_handler(AuthenticationError, lambda request, found: told(request, _UNKNOWN, 401))


def _expected(fault: Mapping[str, Any]) -> str:
    """What was expected, in Chinese: by the sort of the fault, with its bounds."""
    sort = str(fault.get("type", ""))
    told = next((words for start, words in _EXPECTED if sort.startswith(start)), "写法不对")
    return told.format_map(defaultdict(str, fault.get("ctx", {}))).replace(" or ", "、").replace(", ", "、")


def _malformed(found: ValidationError) -> Fault:
    """The first thing at fault: where it stands in the call, and what was expected."""
    first = found.errors[0]
    place = [str(each) for each in first.get("loc", ())]
    field, said = ".".join(place[1:]), first.get("msg", "")
    return Fault(
        code="API-113" if first.get("type") == FAR else "API-104",
        zh=f"“{field or '请求'}”不合要求：{_expected(first)}。请按接口文档修改。",
        en=f"“{field or 'the call'}” is not as described: {said}.",
        field=place[-1] if len(place) > 1 else "",
    )
