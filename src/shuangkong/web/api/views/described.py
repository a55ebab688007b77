"""接口文档: which operations are there, what does each take and answer, how does one come in?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.web.site.access import needs

#: What the operations of a tag are about.
GROUPS = {
    "plans": lazy("方案和目标"),
    "bodies": lazy("地区和单位"),
    "tasks": lazy("任务"),
    "meetings": lazy("调度会和重大情况"),
    "cascade": lazy("上下级方案对照"),
    "register": lazy("配套事项"),
    "responsible": lazy("责任人"),
    "reminders": lazy("提醒"),
    "decompositions": lazy("分解到下级"),
    "barometer": lazy("晴雨表"),
    "headroom": lazy("用能和排放空间"),
    "responses": lazy("预警调控"),
    "projects": lazy("重点工程"),
    "verification": lazy("核查"),
    "weather": lazy("重污染天气应急"),
    "monitoring": lazy("在线监测"),
    "notices": lazy("通知和签收"),
    "reporting": lazy("联网直报"),
    "assessments": lazy("考核"),
    "commendations": lazy("表彰"),
    "enterprises": lazy("企业"),
    "exchange": lazy("批量导入导出"),
    "people": lazy("人员、令牌和日志"),
    "facts": lazy("实际值"),
    "rules": lazy("适用规定"),
    "situation": lazy("形势分析"),
    "bulletins": lazy("公报"),
    "balances": lazy("能源平衡"),
    "statistics": lazy("部门统计"),
    "emissions": lazy("污染物总量减排"),
    "certificates": lazy("绿证"),
}
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Word:
    """One parameter, or one word of what is sent or answered."""

    name: str
    kind: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    action: str
    words: str
    parameters: tuple[Word, ...]
    sent: tuple[Word, ...]
    answered: tuple[Word, ...]


@require_GET
@needs(Action.TOKEN_HOLD)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programmes that write or try programmes."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@require_GET
@needs(Action.TOKEN_HOLD)
def described(request: HttpRequest) -> HttpResponse:
    told = description()
    groups: dict[str, list[Operation]] = defaultdict(list)
    for tag, operation in _operations(told, is_english=get_language() == "en"):
        groups[tag].append(operation)
    context = {
        "groups": [(tag, GROUPS[tag], every) for tag, every in groups.items()],
        "address": request.build_absolute_uri(reverse("api:described")) + "v1/",
    }
    return render(request, "api/described.html", context)


def description() -> dict[str, Any]:
    """The OpenAPI document, which is the same for everybody: it is for reading only."""
    return _drawn(reverse("api:described"))


@cache
def _drawn(prefix: str) -> dict[str, Any]:
    """Drawn once a process: hundreds of shapes take a second."""
    from shuangkong.web.api.urls import API, VERSION  # the addresses name this page

    return dict(API.get_openapi_schema(path_prefix=f"{prefix}{VERSION}/"))


def _operations(told: dict[str, Any], *, is_english: bool) -> Iterator[tuple[str, Operation]]:
    for path, methods in told["paths"].items():
        for method in _METHODS:
            if method in methods:
                said = methods[method]
                words = said["summary"].capitalize() if is_english else said.get("description", "")
                yield said["tags"][0], _operation(path, method, said | {"words": words}, told["components"]["schemas"])


def _operation(path: str, method: str, said: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answer = said["responses"][200].get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        action=said.get("x-action", ""),
        words=said["words"],
        parameters=tuple(Word(each["name"], _kind(each["schema"]), each["required"]) for each in said["parameters"]),
        sent=_words(body, schemas),
        answered=_words(answer, schemas),
    )


def _words(schema: dict[str, Any], schemas: dict[str, Any]) -> tuple[Word, ...]:
    """The words of a shape; of a list that of its items."""
    shape = schemas.get(_name(schema), schema)
    items = shape.get("properties", {}).get("items", {}).get("items")
    shape = schemas.get(_name(items), shape) if items else shape
    needed = set(shape.get("required", ()))
    return tuple(Word(name, _kind(each), name in needed) for name, each in shape.get("properties", {}).items())


def _kind(schema: dict[str, Any]) -> str:
    """What a value is, in a word: ``string date``, ``TaskKind``, ``list of Number``, ``integer or null``."""
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return _name(schema) or " ".join(filter(None, (schema.get("type", "any"), schema.get("format", ""))))


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
