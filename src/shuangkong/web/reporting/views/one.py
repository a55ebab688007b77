"""一份报表: how does it stand, what does it say beside last period, what was explained, and what can I do now?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.period import Period
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.store import regions
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import NEED_DAY, NEED_GROUND, NEEDS, Said, act, acts_allowed
from shuangkong.records.reporting.earlier import earlier
from shuangkong.records.reporting.elsewhere import Elsewhere, told_elsewhere
from shuangkong.records.reporting.forms import before, edition_of
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.limits import redo_by
from shuangkong.records.reporting.own_filed import barred_as_own
from shuangkong.records.reporting.pace import LATER
from shuangkong.records.reporting.petitions import PetitionRow, petitions
from shuangkong.records.reporting.rows import FindingRow, HappenedRow, ReturnRow, VersionRow
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.life import IN_FORCE, OWED, WAITING, EventKind
from shuangkong.rulebook import open_rulebook
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.reporting.found import is_own, reads_given_alone, return_or_404, sees_last, version_or_404
from shuangkong.web.reporting.petition_page import lines, section
from shuangkong.web.reporting.sheet import Filled, cells_by_address, sheet
from shuangkong.web.reporting.versus import differences
from shuangkong.web.reporting.waiting import left_out, put_off_lines
from shuangkong.web.reporting.words import (
    CLOCKS,
    EVENTS,
    FOLLOWS,
    MARKS,
    SEVERITIES,
    SIGNS,
    STATES,
    clock_of,
    form_name,
    form_word,
    period_word,
    state_for,
)
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.words import indicator_word, spoken

#: Acts that one form does together, beside one another.
_JUDGING = (EventKind.ACCEPT, EventKind.RETURN)
_HIDDEN_FROM_OFFICES = frozenset({EventKind.DRAFT})


@require_GET
@needs(Action.RETURN_READ)
def one(request: HttpRequest, return_id: int) -> HttpResponse:
    return return_page(request, return_or_404(request, return_id))


@require_POST
@needs(Action.RETURN_READ)
def act_on(request: HttpRequest, return_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row, form = return_or_404(request, return_id), request.POST
    kind = next((each for each in NEEDS if each == form.get("kind")), None)
    if kind is None:
        raise Http404(form.get("kind", ""))
    verdicts = {
        number: value == "accepted"
        for key, value in form.items()
        if key.startswith("verdict-") and value and (number := whole(key.removeprefix("verdict-"))) is not None
    }
    try:
        due = day_of(form.get("due", ""), "due")
        said = Said(
            form.get("ground", ""), form.get("document", ""), due, verdicts, whole(form.get("version", "")),
            names_version=True,
        )  # fmt: skip
        act(row.id, acting_of(request), kind, said)
    except Refused as refusal:
        return return_page(request, row, at_form(refusal), kind)
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "reporting:return", row.id))


@require_GET
@needs(Action.RETURN_READ)
def version(request: HttpRequest, return_id: int, which: int) -> HttpResponse:
    """A version as it was sealed."""
    row = return_or_404(request, return_id)
    told = version_or_404(row, which)
    content = read_canonical(told.content)
    form = edition_of(row.form, told.edition, Period.parse(row.period), row.reporter.region)
    context = {
        **_head(request, row), "version": told, "tables": sheet(Filled.of(form, content, None)),
        "findings": _findings(told.findings, {}), "names": person_names([told.signed_by, told.filled_by]),
        "is_sound": content.digest == told.digest,
    }  # fmt: skip
    return page(request, "reporting/version.html", context)


@require_GET
@needs(Action.RETURN_READ)
def difference(request: HttpRequest, return_id: int, which: int) -> HttpResponse:
    """What a version says otherwise than the one before it, or than the one that the address names (``from``)."""
    row = return_or_404(request, return_id)
    asked = whole(request.GET.get("from", ""))
    told, then = version_or_404(row, which), version_or_404(row, which - 1 if asked is None else asked)
    form = edition_of(row.form, told.edition, Period.parse(row.period), row.reporter.region)
    context = {
        **_head(request, row), "version": told, "before": then,
        "changed": differences(form, read_canonical(then.content), read_canonical(told.content)),
        "versions": store.versions(row.id),
    }  # fmt: skip
    return page(request, "reporting/difference.html", context)


def _head(request: HttpRequest, row: ReturnRow) -> dict[str, Any]:
    """What stands at the head of every page of a return."""
    own = is_own(row, acting_of(request))
    said = clock_of(row)
    return {
        "row": row, "name": form_word(row), "period": period_word(row.period), "is_own": own,
        "state": STATES[state_for(row, is_own=own)], "clock": CLOCKS[said], "mark": MARKS[said], "sign": SIGNS[said],
    }  # fmt: skip


def return_page(
    request: HttpRequest, row: ReturnRow, refusal: Refused | None = None, kind: EventKind | None = None, **asked: object
) -> HttpResponse:
    """The page of a return, with what was refused of an act of a ``kind``, or of what is ``asked`` for."""
    head, acting = _head(request, row), acting_of(request)
    told = store.version(row.id, row.standing.version)
    allowed = acts_allowed(row, acting, told)
    happened = [each for each in store.happened(row.id) if head["is_own"] or each.kind not in _HIDDEN_FROM_OFFICES]
    wishes = petitions(Q(owned=row.id))
    people = [name for each in wishes for name in (each.author, each.answered_by)]
    names = person_names([*(each.author for each in happened), *people, *([told.signed_by] if told else [])])
    context = {
        **head, "version": told, "names": names, "refusal": refusal, "kind": kind,
        "versions": store.versions(row.id)[::-1], "events": _events(happened, names, wishes),
        "chain": _chain(row, happened, names),
        "acts": [_act(each, kind) for each in allowed if each not in _JUDGING],
        "elsewhere": [] if reads_given_alone(acting) else [_elsewhere(each) for each in told_elsewhere(row)],
        "later": [each for rows in later_findings(Q(owned=row.id)).values() for each in _findings(rows, {})],
        "own_barred": _own_barred(row, acting, told), "put_off": put_off_lines(LATER),
        "left_out": left_out(Q(pk=row.id)),
        "may_judge": any(each in _JUDGING for each in allowed), "is_waiting": row.state in WAITING,
        "may_fill": head["is_own"] and row.state in (*OWED, *IN_FORCE), "is_in_force": row.state in IN_FORCE,
        "files": store.files(row.id, with_draft=head["is_own"]), "typed": request.POST,
        "redo_by": redo_by(row.standing, None, row.reporter.region, timezone.localdate()),
        **(_said(row, told, acting, request.POST.dict()) if told else {}),
        **section(row, wishes, names, acting, is_own=head["is_own"]), **asked,
    }  # fmt: skip
    return page(request, "reporting/return.html", context, status=refused_status(refusal))


def _own_barred(row: ReturnRow, by: Acting, told: VersionRow | None) -> Refused | None:
    """Why whoever reviews or approves there does neither to this one; None for whoever files alone."""
    if told is None or not any(may(by, each, row.where) for each in (Action.RETURN_REVIEW, Action.RETURN_APPROVE)):
        return None
    return barred_as_own(row, by, told)


def _said(row: ReturnRow, told: VersionRow, by: Acting, typed: dict[str, str]) -> dict[str, Any]:
    """What the version says beside the last period, as far as the person sees that too, and what was found. 1 query."""
    period = Period.parse(row.period)
    form = edition_of(row.form, told.edition, period, row.reporter.region)
    last = earlier(row.reporter.id, form, period).last if sees_last(row, str(before(form, period)), by) else None
    filled = Filled.of(form, read_canonical(told.content), last)
    tables = sheet(filled)
    names = dict(cells_by_address(tables))
    return {
        "tables": tables, "has_last": last is not None, "last_period": period_word(str(before(form, period))),
        "findings": _findings(told.findings, names, typed),
    }  # fmt: skip


def _findings(found: tuple[FindingRow, ...], names: dict[str, str], typed: dict[str, str] | None = None) -> list[Any]:
    return [
        {
            "row": each, "word": SEVERITIES[each.severity], "where": names.get(each.address, ""),
            "message": spoken(each.message), "ground": spoken(each.ground),
            "chosen": (typed or {}).get(f"verdict-{each.id}", each.explanation.verdict if each.explanation else ""),
        }
        for each in found
    ]  # fmt: skip


def _elsewhere(each: Elsewhere) -> dict[str, Any]:
    known = open_rulebook().indicators().get(each.indicator)
    name = indicator_word(each.indicator, known.zh if known else each.indicator)
    return {"told": each, "indicator": name, "form": form_name(each.form, each.period)}


def _act(kind: EventKind, refused: EventKind | None) -> dict[str, Any]:
    return {
        "kind": kind.value, "label": EVENTS[kind], "follows": FOLLOWS.get(kind, ""), "is_open": kind is refused,
        "needs_ground": kind in NEED_GROUND, "needs_day": kind in NEED_DAY,
    }  # fmt: skip


def _chain(row: ReturnRow, happened: list[HappenedRow], names: dict[str, str]) -> list[dict[str, Any]]:
    """Every level with who approved it and when; an approval that was undone since does not stand. 1 query."""
    known, done = regions(row.chain), {each.level: each for each in happened if each.kind is EventKind.APPROVE}
    return [
        {
            "region": known[code].name if code in known else code, "is_done": level <= row.standing.level,
            "is_next": level == row.standing.level + 1 and row.state in IN_FORCE,
            "told": done.get(level), "by": names.get(done[level].author, done[level].author) if level in done else "",
        }
        for level, code in enumerate(row.chain, start=1)
    ]  # fmt: skip


def _events(
    happened: list[HappenedRow], names: dict[str, str], wishes: tuple[PetitionRow, ...]
) -> list[dict[str, Any]]:
    """What happened, the newest first, and what was asked for among it."""
    told: list[dict[str, Any]] = [
        {"told": each, "label": EVENTS[each.kind], "by": names.get(each.author, each.author), "at": each.at}
        for each in happened
    ]
    told += [{**each, "at": each["told"]["at"]} for each in lines(wishes, names)]
    return sorted(told, key=lambda each: each["at"])[::-1]
