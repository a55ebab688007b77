"""报警台和一件报警: what is out of order and unsettled, why was it, and what can I do about it?"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.monitoring.alarms.found import Kind
from shuangkong.monitoring.alarms.life import SAY_WHY, Act, State
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.alarm_counts import Gravest, by_unit, counts
from shuangkong.records.monitoring.alarms import NEED_CAUSE, NEEDS, AlarmRow
from shuangkong.records.monitoring.arrivals import clocks_of
from shuangkong.records.monitoring.models import Connection, Device
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.web.monitoring.alarm_tables import alarms_table, cause_word, per_unit_table
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.ordering import SPEAKS, clock_command
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.words import ALARM_ACTS, ALARM_STATES, CAUSES, LEVEL_SIGNS, LEVELS, RULES, both
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole

#: How far back closed cases are shown, days.
_BACK = 92
#: Alarms that the board lists at a time.
_BATCH = 400
#: Who takes the steps that no person takes.
_RULES = "rules"


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Those of a place, a state and a kind; open ones unless the address says otherwise."""
    acting = acting_of(request)
    seen = alarms.readable(acting) & here(request, "outlet__region__path")
    now = timezone.now()
    recent = seen & (Q(found_at__gte=now - timedelta(days=_BACK)) | ~Q(state=State.CLOSED))
    state, rule, outlet = (request.GET.get(key, "") for key in ("state", "rule", "outlet"))
    wanted = recent & (Q(state=state) if state in ALARM_STATES else ~Q(state=State.CLOSED))
    wanted &= Q(rule=rule) if rule in RULES else Q()
    wanted &= Q(outlet=whole(outlet)) if outlet else Q()
    batch, told = batch_of(request, Gravest(wanted), _BATCH), counts(recent, now)
    context = {
        "batch": batch,
        "open": told.open,
        "late": told.late,
        "counts": [(word, told.states[each]) for each, word in ALARM_STATES.items() if told.states.get(each)],
        "states": list(ALARM_STATES.items()),
        "rules": list(RULES.items()),
        "state": state,
        "rule": rule,
        "outlet": outlet,
        "back": _BACK,
        "is_demo": told.is_fictional,
    }
    tables = {"alarms_table": alarms_table(request, batch.some), "units_table": per_unit_table(by_unit(recent, now))}
    return page(request, "monitoring/alarms.html", context, tables)


@require_GET
@needs(Action.MONITORING_READ)
def one(request: HttpRequest, alarm_id: int) -> HttpResponse:
    return _page(request, alarm_or_404(request, alarm_id), None)


@require_POST
@needs(Action.MONITORING_READ)
def act_on(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Records one step of the case; what is refused comes back with what was typed."""
    row = alarm_or_404(request, alarm_id)
    act = next((each for each in NEEDS if each == request.POST.get("act")), None)
    if act is None:
        raise Http404(request.POST.get("act", ""))
    reached(request, row.where, Action.MONITORING_READ, alarms.need(act, row.where))
    try:
        said, cause, receiver = (request.POST.get(key, "") for key in ("text", "cause", "receiver"))
        alarms.take_step(row.id, act, acting_of(request), said, cause, receiver)
    except Refused as refusal:
        return _page(request, row, at_form(refusal), act)
    messages.success(request, _("已记录：%(act)s。") % {"act": ALARM_ACTS[act]})
    return redirect(link(request, "monitoring:alarm", row.id))


def alarm_or_404(request: HttpRequest, number: int) -> AlarmRow:
    """Raises Http404, also where the person may not see it."""
    found = alarms.alarm(number)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.MONITORING_READ)
    return found


def _page(request: HttpRequest, row: AlarmRow, refusal: Refused | None, tried: Act | None = None) -> HttpResponse:
    steps = alarms.steps(row.id)
    names = {"rules": _("规则")} | person_names({each.author for each in steps})
    sign, level = LEVEL_SIGNS[row.level]
    may_take = alarms.may_take(row, acting_of(request))
    context = {
        "row": row,
        "clocks": _clocks(request, row),
        "state": ALARM_STATES[row.state],
        "rule": RULES.get(row.rule, row.rule),
        "sign": sign,
        "level": level,
        "level_word": LEVELS[row.level],
        "factor": factor_word(row.factor) if row.factor else "",
        "starts": moment(row.starts_at),
        "ends": moment(row.ends_at),
        "due": moment(row.due_at),
        "is_late": row.is_late(timezone.now()),
        "cause": cause_word(row.cause),
        "steps": [
            (moment(each.at), ALARM_ACTS[each.act], cause_word(each.cause), _said(each.text, each.author),
             names.get(each.author) or each.author, each.journal, each.receiver)
            for each in steps
        ],
        "forms": [(act, ALARM_ACTS[act], act in NEED_CAUSE, act in SAY_WHY, act is tried, act is Act.HAND_OVER)
                  for act in may_take],
        "causes": [(each.value, word) for each, word in CAUSES.items()],
        "refusal": refusal,
        "text": request.POST.get("text", ""),
        "chosen": request.POST.get("cause", ""),
        "receiver": request.POST.get("receiver", ""),
        "receivers": _receivers(row) if Act.HAND_OVER in may_take else (),
    }  # fmt: skip
    return page(request, "monitoring/alarm.html", context, status=refused_status(refusal))


def _clocks(request: HttpRequest, row: AlarmRow) -> dict[str, object]:
    """Of a clock that is wrong: how it went, hour by hour, and the devices whose clock this person may set."""
    if row.rule != Kind.CLOCK_DRIFT:
        return {}
    now = timezone.now()
    last = min(row.ends_at or now, row.starts_at + timedelta(days=3)) + timedelta(hours=1)
    gone = clocks_of([row.outlet], row.starts_at.replace(minute=0, second=0), last).get(row.outlet, ())
    held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet=row.outlet, starts_at__lte=now)
    devices = Device.objects.filter(pk__in=held.values("device"), kind__in=SPEAKS).order_by("pk")
    return {
        "told": [(each.mn, moment(each.hour), each.gap_s, each.count, each.segment, each.offset) for each in gone],
        "devices": list(devices) if may(acting_of(request), Action.MONITORING_ORDER, row.where) else [],
        "command": clock_command(),
    }


def _receivers(row: AlarmRow) -> list[str]:
    """Departments of the place and of those above it: mostly a case is handed over to one of them."""
    found = Body.objects.filter(region__in=filter(None, row.where.path.split("/")), kind="department")
    return sorted(set(found.values_list("name", flat=True)))


def _said(text: str, author: str) -> str:
    """What was said in a step; what rules say was kept in both languages."""
    return both(text) if author == _RULES else text
