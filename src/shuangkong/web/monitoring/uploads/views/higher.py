"""转报上级平台: what goes to which platform above, did it take it, what did it refuse, and when next?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.higher_fields import AS_SENT, CLEAR, FIELDS, SECRETS, Kind
from shuangkong.records.monitoring.uploads.higher_states import orders, states, totals
from shuangkong.records.monitoring.uploads.models import HigherPlatform
from shuangkong.records.monitoring.uploads.relaying import line_standing, relay_states, relay_totals
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.uploads.higher_tables import orders_table, platforms_table, refused_table, states_table
from shuangkong.web.monitoring.uploads.relay_tables import devices_table, frames_table, overlong_table, relays_table
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table

#: What a new platform's form begins with.
_DEFAULTS = {"auth": "none", "valid": "true_is_valid", "is_dashed": "on", "day_time": "07:00:00", "keep_days": "200"}
_FRAME_DEFAULTS = {"edition": AS_SENT, "cipher": CLEAR, "per_minute": "600"}
#: The link by which a site reaches a platform above, of those that the standard gives times for.
_LINK = "FDD-LTE"


@require_GET
@needs(Action.MONITORING_READ)
def every(request: HttpRequest) -> HttpResponse:
    """Platforms above, of the place that one is looking at and those below it."""
    acting = acting_of(request)
    found = tuple(higher.platforms(acting).filter(here(request, "region__path")))
    units = tuple(each for each in found if each.kind == Kind.FIGURES)
    relays = tuple(each for each in found if each.kind == Kind.FRAMES)
    sums, frames = totals([each.pk for each in units]), relay_totals([each.pk for each in relays])
    context = {
        "count": len(found),
        "on": sum(each.is_on for each in found),
        "refused": sum(each.aside for each in sums.values()),
        "refused_frames": sum(each.aside for each in frames.values()),
        "may_set": may(acting, Action.MONITORING_PASS_ON),
    }
    tables = {
        "platforms_table": platforms_table(request, units, sums),
        "relays_table": relays_table(request, relays, frames),
    }
    return page(request, "uploads/platforms.html", context, tables)


@require_http_methods(["GET", "POST"])
@needs(Action.MONITORING_PASS_ON)
def new(request: HttpRequest) -> HttpResponse:
    """Names a platform for units' figures, or (``kind``) for frames of devices."""
    kind = Kind.FRAMES if request.GET.get("kind") == Kind.FRAMES else Kind.FIGURES
    given = _DEFAULTS if kind is Kind.FIGURES else _frame_defaults()
    typed = _posted(request) if request.method == "POST" else {**given, "region": scope_of(request).place}
    refusal = None
    if request.method == "POST":
        try:
            made = higher.set_platform(None, typed.get("region", "").strip(), typed, acting_of(request), "", kind)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已设置上级平台；启动后才转报。"))
            return redirect(link(request, "uploads:platform", made))
    context = {"typed": typed, "refusal": refusal, "is_new": True, "is_relay": kind is Kind.FRAMES, **_choices()}
    return page(request, "uploads/platform_new.html", context, status=refused_status(refusal))


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One platform: its units, what it refused, what can be done with it."""
    return _one_page(request, _found(request, number), None)


@require_POST
@needs(Action.MONITORING_PASS_ON)
def act_on(request: HttpRequest, number: int) -> HttpResponse:
    """Starts, stops, ends, sends anew, or changes the settings."""
    platform = _found(request, number)
    try:
        done = _act(request, number)
    except Refused as refused:
        return _one_page(request, platform, at_form(refused))
    messages.success(request, done)
    ended = request.POST.get("act") == "end"
    return redirect(link(request, "uploads:platforms") if ended else link(request, "uploads:platform", number))


def _act(request: HttpRequest, number: int) -> str:
    acting, ground, act = acting_of(request), request.POST.get("ground", ""), request.POST.get("act", "")
    match act:
        case "start":
            higher.start(number, acting, ground)
            return _("已启动，一分钟内开始转报。")
        case "stop":
            higher.stop(number, acting, ground)
            return _("已停止，没有收下的仍记着，再启动接着报。")
        case "end":
            higher.end(number, acting, ground)
            return _("已撤销这个上级平台。")
        case "resend":
            since = _day(request.POST.get("since", ""))
            higher.resend(number, request.POST.get("credit_code", ""), since, acting, ground)
            return _("已记下，下一轮起重报。")
        case "set":
            higher.set_platform(number, "", _posted(request), acting, ground)
            return _("已修改设置，下一轮起按新设置转报。")
    raise Refused("MON-288", f"没有“{act[:20]}”这件事可办。", f"There is no act “{act[:20]}”.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            "MON-289", f"since：应为 YYYY-MM-DD，实为 {text[:20] or '（空）'}。",
            f"since: expected YYYY-MM-DD; found {text[:20] or '(none)'}.", "since",
        ) from None  # fmt: skip


def _one_page(request: HttpRequest, platform: HigherPlatform, refusal: Refused | None) -> HttpResponse:
    acting = acting_of(request)
    is_demo, is_relay = platform.region.is_fictional, platform.kind == Kind.FRAMES
    context: dict[str, Any] = {
        "row": platform,
        "is_relay": is_relay,
        "is_demo": is_demo,
        "may_act": may(acting, Action.MONITORING_PASS_ON, higher.where_of(platform)),
        "refusal": refusal,
        "typed": _posted(request) if refusal else _typed(platform),
        "posted": request.POST,
        **_choices(),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "orders_table": orders_table(orders(platform.pk), is_demo=is_demo, is_relay=is_relay)
    }
    if is_relay:
        devices = relay_states(platform.pk)
        context |= {"line": line_standing(platform.pk), "sums": relay_totals([platform.pk]).get(platform.pk)}
        tables["states_table"] = devices_table(devices, is_demo=is_demo)
        tables["refused_table"] = frames_table(devices, is_demo=is_demo)
        if (long := overlong_table(devices, is_demo=is_demo)) is not None:
            tables["overlong_table"] = long
    else:
        rows = states(platform.pk)
        context["sums"] = totals([platform.pk])[platform.pk]
        tables["states_table"] = states_table(rows, is_demo=is_demo)
        tables["refused_table"] = refused_table(rows, is_demo=is_demo)
    return page(request, "uploads/platform.html", context, tables, refused_status(refusal))


def _posted(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in request.POST}


def _typed(platform: HigherPlatform) -> dict[str, str]:
    """The settings as a form says them; a token is never said."""
    fields = FIELDS[Kind(platform.kind)]
    told = {name: getattr(platform, name) for name in fields if name not in SECRETS}
    return {name: ("on" if value else "") if isinstance(value, bool) else str(value) for name, value in told.items()}


def _choices() -> dict[str, Any]:
    return {
        "auths": (("none", _("不要令牌")), ("token", _("每条报文带令牌"))),
        "valids": (("true_is_valid", _("true 或 1 为有效")), ("zero_is_valid", _("0 为有效，1 为无效"))),
        "editions": ((AS_SENT, _("照设备发来的")), ("v2017", _("第二代")), ("v2025", _("第三代"))),
        "ciphers": ((CLEAR, _("不加密")), ("raw", _("SM4，密文为字节")), ("hex", _("SM4，密文为十六进制"))),
    }


def _frame_defaults() -> dict[str, str]:
    """Times of answers as the standard's table has them."""
    times = hj212_codes(open_rulebook().folder).links[_LINK]
    return {**_FRAME_DEFAULTS, "wait_s": str(times.timeout_s), "resends": str(times.resends)}


def _found(request: HttpRequest, number: int) -> HigherPlatform:
    found = HigherPlatform.objects.select_related("region").filter(pk=number, ended_at=None).first()
    if found is None:
        raise Http404(number)
    reached(request, higher.where_of(found), Action.MONITORING_READ)
    return found
