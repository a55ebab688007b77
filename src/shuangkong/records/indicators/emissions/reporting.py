"""自报: a reduction that somebody claims, with the figures it is reckoned from and the files that show it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.indicators.emissions.codes import as_kept
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR
from shuangkong.indicators.emissions.formulas import EmissionFormula, NotInForce
from shuangkong.indicators.emissions.standing import EventKind
from shuangkong.records.indicators.emissions.models import Reduction, ReductionEvent, ReductionEvidence
from shuangkong.records.indicators.emissions.publishing import publish
from shuangkong.records.indicators.emissions.register import entry_at
from shuangkong.records.indicators.emissions.rows import EntryRow, Reported
from shuangkong.records.indicators.emissions.rules import Rules, rules_of
from shuangkong.records.indicators.emissions.sheet import registered
from shuangkong.records.indicators.emissions.store import written_inputs
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import LIMIT_FILES, medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Region
from shuangkong.rulebook import open_rulebook

_FIRST_YEAR, _LAST_YEAR = 2_006, 2_099


def report(wanted: Reported, by: Acting) -> int:
    """Records a reduction as reported and returns its number. ~20 queries.

    It is reckoned by the rules of the place in the year of its start.

    Raises:
        Refused: no such place, pollutant, class or formula; the formula is not for them; a figure is missing or a
            check of the formula refuses it; the month is none; the batch, plant or herd is not registered; a file
            cannot be taken.
        Forbidden: the person reports nothing there.
    """
    place = Region.objects.filter(pk=wanted.region).first()
    if place is None:
        raise Refused("IND-321", "请指明污染源在哪个地区。", "Say in which place the source stands.", "region")
    own = by.bodies if place.path in by.paths else frozenset()
    require(by, Action.EMISSION_REPORT, Where(place.path, own))
    starts = month_of(wanted.starts)
    rules = rules_of(place.pk, starts)
    formula = _formula(wanted, rules)
    amount, after = reckoned(formula, wanted.inputs, rules)
    typed, outlet = as_kept(wanted.source), as_kept(wanted.outlet)
    number, code, name = registered(place.pk).get(typed, (None, typed, ""))
    entry = _entry(formula, place, code, outlet)
    name = name or (entry.name if entry else "")
    _require_sound(wanted, name)
    with transaction.atomic():
        body = Body.objects.filter(pk=by.body).first() if by.body else None
        made = Reduction.objects.create(
            region=place, path=place.path, title=wanted.title.strip(), body=body, body_name=body.name if body else "",
            enterprise_id=number, source_code=code, source_name=name or wanted.source_name.strip(),
            outlet=outlet, scope=wanted.scope, pollutant=wanted.pollutant, formula=formula.id,
            measure=formula.measure, months=formula.months, is_key=wanted.is_key, assigned_t=wanted.assigned_t,
            note=wanted.note.strip(), reported_by=by.author, reported_at=timezone.now(),
        )  # fmt: skip
        told = {
            "title": made.title, "source": code, "outlet": made.outlet, "pollutant": made.pollutant,
            "formula": made.formula, "starts": starts, "amount_t": amount,
        }  # fmt: skip
        act = by.act(
            "emission.report", f"reduction/{made.pk}", ground=wanted.text.strip(), document=wanted.document.strip(),
            after=told,
        )  # fmt: skip
        event = ReductionEvent.objects.create(
            reduction=made, kind=EventKind.REPORT, on=timezone.localdate(), amount_t=amount,
            after_t=after, inputs=written_inputs(wanted.inputs), starts=starts, rulebook=open_rulebook().version,
            text=wanted.text.strip(), document=wanted.document.strip(), author=by.author, at=timezone.now(),
            journal=journal.append(replace(act, place=place.path)),
        )  # fmt: skip
        keep(event, wanted.files)
        publish(place, wanted.pollutant, by)
    return made.pk


def month_of(starts: tuple[int, int]) -> int:
    """Months from January of the year 0. Raises Refused for what is no month."""
    year, month = starts
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= MONTHS_A_YEAR):
        raise Refused("IND-322", "投运或关停月份应写成 YYYY-MM。", "Give the month as YYYY-MM.", "starts")
    return year * MONTHS_A_YEAR + month - 1


def reckoned(formula: EmissionFormula, inputs: Mapping[str, Decimal], rules: Rules) -> tuple[Decimal, Decimal | None]:
    """Tonnes of a full year, and the level at which they leave the source.

    Raises:
        Refused: a figure is missing, a check refuses them, or nothing comes of it.
    """
    missing = next((name for name in formula.inputs if name not in inputs), None)
    if missing is not None:
        told = formula.inputs[missing].name
        raise Refused("IND-323", f"请填写“{told.zh}”。", f"Give “{told.en}”.", missing)
    try:
        found = rules.reckoned(formula, inputs)
    except NotInForce as lack:
        raise Refused("IND-324", f"{lack}", f"{lack}", "formula") from lack
    if found.findings:
        first = found.findings[0]
        raise Refused(first.code, first.message.zh, first.message.en)
    amount = found.amount_t
    if amount is None or amount <= 0:
        zh = f"按“{formula.name.zh}”算得的削减量不大于零，没有可报的。请核对填报数。"
        raise Refused("IND-325", zh, f"“{formula.name.en}” yields nothing above zero: check the figures.", "formula")
    return amount, found.after_t


def keep(event: ReductionEvent, files: Sequence[Handed]) -> None:
    """Keeps the files of an act. Raises Refused for too many, or what is not taken (see tasks.evidence)."""
    if len(files) > LIMIT_FILES:
        raise Refused("TSK-204", f"一次最多 {LIMIT_FILES} 个文件。", f"At most {LIMIT_FILES} files at once.", "files")
    media = [medium_of(handed) for handed in files]
    for handed, medium in zip(files, media, strict=True):
        kept, _ = TaskFile.objects.get_or_create(
            sha256=hashlib.sha256(handed.content).hexdigest(),
            defaults={"medium": medium, "size_bytes": len(handed.content), "content": handed.content},
        )
        ReductionEvidence.objects.create(event=event, file=kept, name=handed.name)


def _entry(formula: EmissionFormula, place: Region, code: str, outlet: str) -> EntryRow | None:
    """What is registered of a source whose formula asks for it, at the place or above it. Raises Refused. 1 query."""
    if formula.register is None:
        return None
    found = entry_at(place.path, formula.register, code, outlet)
    if found is None:
        zh = "这种核算方法的批次、污水处理厂或养殖场要先登记：登记表里没有这个代码和批次。请在“底数”页登记后再报。"
        en = "That batch, plant or herd is not registered: have it registered on the page of bases first."
        raise Refused("IND-335", zh, en, "source")
    return found


def _formula(wanted: Reported, rules: Rules) -> EmissionFormula:
    """The formula asked for, in force at the end of the year of the start. Raises Refused."""
    law = rules.accounting
    pollutant, formula = law.pollutants.get(wanted.pollutant), law.reductions(rules.day).get(wanted.formula)
    for holds, number, zh, en, field in (
        (pollutant is not None, 326, "请选择污染物。", "Choose the pollutant.", "pollutant"),
        (pollutant is not None and wanted.scope in pollutant.scopes, 327, "这种污染物不核算这类污染源。请重新选择。",
         "The pollutant is not accounted for in sources of that class.", "scope"),
        (formula is not None, 328, "请选择核算方法。", "Choose how it is reckoned.", "formula"),
        (formula is not None and formula.is_for(wanted.pollutant, wanted.scope), 329,
         "这种核算方法不适用于所选的污染物和污染源类别。", "That formula is not for these.", "formula"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"IND-{number}", zh, en, field)
    assert formula is not None
    return formula


def _require_sound(wanted: Reported, known_name: str) -> None:
    for holds, number, zh, en, field in (
        (wanted.title.strip(), 330, "请填写项目名称。", "Give the project a name.", "title"),
        (wanted.source.strip(), 331, "请填写污染源代码。", "Give the code of the source.", "source"),
        (known_name or wanted.source_name.strip(), 332, "名录和登记表里没有这个源，请填写名称。",
         "The register does not know this source: give its name.", "source_name"),
        (wanted.assigned_t is None or wanted.is_key, 333, "只有重点工程有下达的减排量。",
         "Only a key project has an assigned amount.", "assigned_t"),
        (wanted.assigned_t is None or wanted.assigned_t > 0, 334, "下达的减排量应大于零；没有的不填。",
         "An assigned amount is above zero; leave it out where there is none.", "assigned_t"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"IND-{number}", zh, en, field)
