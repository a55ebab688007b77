"""接收的数入库: what an accepted version says becomes facts at once; only what is otherwise than before is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from shuangkong.core.fact import Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.values import values as filled
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Field, Form
from shuangkong.reporting.forms.spans import covered

_BATCH = 400


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a return that is a fact; ``value`` None: it is told no more."""

    indicator: str
    subject: SubjectRow
    measure: Measure
    period: Period
    value: Decimal | None
    unit: str
    state: State


type _Key = tuple[str, tuple[str, str], Measure, Period]


def flow(held: Return, row: ReturnRow, by: Acting) -> int | None:
    """Tells the facts of the version now in force; returns the number of the load, None where nothing is otherwise.

    Statistics of the period are preliminary until every level has approved it, then final. ~12 queries.
    """
    period = Period.parse(row.period)
    now = base_of(row.id, held.in_force)
    if now is None:
        return None
    form = edition_of(row.form, now.edition, period, row.reporter.region)
    told = {_key(each): each for each in facts_of(form, now, row)}
    before = _before(row, period)
    is_anew = held.was_final and not _was_final(held)
    gone = [_gone(each) for key, each in before.items() if key not in told]
    fresh = [each for key, each in told.items() if is_anew or before.get(key) != each] + gone
    return _tell(fresh, form, held, row, by) if fresh else None


def facts_of(form: Form, content: Content, row: ReturnRow) -> Iterator[Told]:
    """Every figure of a content that the form makes a fact of."""
    values = filled(form, content)
    for field in form.fields.values():
        if field.fact is None:
            continue
        for address in _addresses(field, content):
            value = values.get(address)
            if isinstance(value, Decimal):
                yield _told(field, address, value, row)


def _addresses(field: Field, content: Content) -> Iterable[str]:
    if field.row != ANY:
        return (field.address,)
    return (open_address(field.table, field.column, key) for key in content.rows(field.table))


def _told(field: Field, address: str, value: Decimal, row: ReturnRow) -> Told:
    flow_ = field.fact
    assert flow_ is not None
    parsed = parse_address(address)
    key = parsed.row if parsed else ""
    subject = _SUBJECTS[flow_.subject](row, key)
    period = covered(field.span, Period.parse(row.period))
    return Told(flow_.indicator, subject, flow_.measure, period, value, field.printed or field.unit, State.VALUE)


def _self(row: ReturnRow, _key: str) -> SubjectRow:
    if row.reporter.kind == "region":
        return _region(row, _key)
    return SubjectRow(row.reporter.kind, row.reporter.code, row.reporter.name, row.reporter.region)


def _region(row: ReturnRow, _key: str) -> SubjectRow:
    return SubjectRow("region", row.reporter.region, row.reporter.region_name, row.reporter.region)


def _key_region(_row: ReturnRow, key: str) -> SubjectRow:
    return SubjectRow("region", key, key, key)


def _key_sector(row: ReturnRow, key: str) -> SubjectRow:
    return SubjectRow("sector", f"{row.reporter.region}/{key}", key, row.reporter.region)


_SUBJECTS = {"self": _self, "region": _region, "key_region": _key_region, "key_sector": _key_sector}


def _key(told: Told) -> _Key:
    return (told.indicator, told.subject.key, told.measure, told.period)


def _gone(told: Told) -> Told:
    return replace(told, value=None, state=State.MISSING)


def _before(row: ReturnRow, period: Period) -> Mapping[_Key, Told]:
    """What the version that was in force until now told. At most 1 query."""
    if row.standing.in_force is None:
        return {}
    content = base_of(row.id, row.standing.in_force)
    if content is None:
        return {}
    form = edition_of(row.form, content.edition, period, row.reporter.region)
    return {_key(each): each for each in facts_of(form, content, row)}


def _was_final(held: Return) -> bool:
    """Whether the facts of it were told as final. 1 query."""
    return bool(Load.objects.filter(name__startswith=f"return/{held.pk}/", name__endswith="/final").count())


def _tell(fresh: list[Told], form: Form, held: Return, row: ReturnRow, by: Acting) -> int:
    maturity = Maturity.FINAL if held.was_final else Maturity.PRELIMINARY
    source = f"{form.name.zh} {row.reporter.name} {row.period}"
    signed = Version.objects.filter(owned=held, number=held.in_force or 0).values_list("digest", flat=True).first()
    load = Load.objects.create(
        name=f"return/{held.pk}/{held.in_force}/{maturity.value}", sha256=signed or "", source=source,
        rows_new=len(fresh), rows_changed=0, rows_same=0, is_demo=row.is_demo, loaded_at=timezone.now(),
        loaded_by=by.author,
    )  # fmt: skip
    indicators = written(Word.INDICATOR, {each.indicator for each in fresh})
    units = written(Word.UNIT, {each.unit for each in fresh})
    sources = written(Word.SOURCE, {source})
    subjects = met({each.subject.key: each.subject for each in fresh}.values())
    Observation.objects.bulk_create(
        [
            Observation(
                indicator_id=indicators[each.indicator], subject_id=subjects[each.subject.key],
                first_month=each.period.first_month, months=each.period.months, measure=MEASURES.number(each.measure),
                state=STATES.number(each.state), origin=ORIGINS.number(Origin.REPORTED),
                maturity=MATURITIES.number(maturity), evidence=EVIDENCES.number(form.kind), value=each.value,
                unit_id=units[each.unit], source_id=sources[source], load=load,
            )
            for each in fresh
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    return load.pk
