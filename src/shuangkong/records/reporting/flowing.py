"""接收的数入库: what an accepted version says becomes facts at once; only what is otherwise than before is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from shuangkong.core.fact import Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.core.rounding import WIDE
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.looking import CellKey, standing
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.periods import plain
from shuangkong.records.facts.rows import ObservationRow, SubjectRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.sourcing import Tellers, contested_in, tellers
from shuangkong.records.reporting.summing import is_approved, lock_named, others
from shuangkong.records.reporting.values import values as filled
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.model import Field, Form
from shuangkong.reporting.forms.ranking import OF_REGIONS, names_regions
from shuangkong.reporting.forms.spans import covered
from shuangkong.rulebook import open_rulebook

_BATCH = 400
_VINTAGES = (Maturity.PRELIMINARY, Maturity.FINAL)


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a return that is a fact; ``value`` None: it is told no more.

    ``is_shared``: it is about a region, told by a unit, and other units tell of it too: what stands is their sum.
    """

    indicator: str
    subject: SubjectRow
    measure: Measure
    period: Period
    value: Decimal | None
    unit: str
    state: State
    is_shared: bool = False


type Key = tuple[str, tuple[str, str], Measure, Period]


def flow(held: Return, row: ReturnRow, by: Acting) -> int | None:
    """Tells the facts of the version now in force; returns the number of the load, None where nothing is otherwise.

    Statistics of the period are preliminary until every level has approved the version, then final: until a correction
    is approved, a final figure that it changes is withdrawn; what it told is withdrawn where none is in force any more.
    Of what several forms tell of a region one stands (sourcing).
    What units tell of their region, or of regions that they name, is the sum of them all, final when all are: the
    caller holds the lock of the place (summing.lock_places). ~16 queries.
    """
    period = Period.parse(row.period)
    now, before = base_of(row.id, held.in_force), _before(row, period)
    if now is None and not before:
        return None
    form = edition_of(row.form, now.edition if now else "", period, row.reporter.region)
    if names_regions(form):
        lock_named()
    told = {} if now is None else {key_of(each): each for each in facts_of(form, now, row)}
    is_final, shared = is_approved(held), contested_in(row.reporter.region, period)
    wanted = {**{key: _gone(each) for key, each in before.items()}, **told}
    sums, unapproved = _summed(wanted, form, row, period)
    fresh = [
        (sums.get(key, each), is_final and key not in unapproved)
        for key, each in wanted.items()
        if is_final or each.is_shared or each.indicator in shared or before.get(key) != each
    ]
    return tell_otherwise(fresh, form, held, row, by)


def _summed(wanted: Mapping[Key, Told], form: Form, row: ReturnRow, period: Period) -> tuple[dict[Key, Told], set[Key]]:
    """What is shared with other returns as the sum of all; and of what of it one is not approved yet."""
    sums = {key: each for key, each in wanted.items() if each.is_shared}
    unapproved: set[Key] = set()
    for other, content, is_final in others(row, is_anywhere=names_regions(form)) if sums else ():
        law = edition_of(other.form, content.edition, period, other.reporter.region)
        for key, each in {key_of(each): each for each in facts_of(law, content, other)}.items():
            if key not in sums:
                continue
            mine = sums[key]
            sums[key] = replace(mine, value=_added(mine.value, in_unit(each, mine.unit)), state=State.VALUE)
            if not is_final:
                unapproved.add(key)
    return sums, unapproved


def in_unit(told: Told, unit: str) -> Decimal | None:
    """The figure in another printed unit: editions of a form may print others, and a sum has one.

    Raises Refused where the policy does not convert one to the other.
    """
    if told.unit == unit or told.value is None:
        return told.value
    units = open_rulebook().units()
    of, to = units.get(told.unit), units.get(unit)
    if of is None or to is None or of.unit != to.unit:
        zh = f"{told.indicator} 一处按“{told.unit}”、一处按“{unit}”填报，不能换算，没有相加。请先统一单位。"
        en = f"{told.indicator} is told in {told.unit} and in {unit}: these do not convert, and nothing was added up."
        raise Refused("RPT-938", zh, en)
    return WIDE.divide(of.to_base(told.value), to.factor)


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return WIDE.add(one, other) if one is not None and other is not None else one if other is None else other


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
    period = plain(covered(field.span, Period.parse(row.period)))  # as rows name it: they are compared
    is_shared = flow_.subject in OF_REGIONS and row.reporter.kind != "region"
    unit = field.printed or field.unit
    return Told(flow_.indicator, subject, flow_.measure, period, value, unit, State.VALUE, is_shared)


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


def key_of(told: Told) -> Key:
    return (told.indicator, told.subject.key, told.measure, told.period)


def _gone(told: Told) -> Told:
    return replace(told, value=None, state=State.MISSING)


def _before(row: ReturnRow, period: Period) -> Mapping[Key, Told]:
    """What the version that was in force until now told. At most 1 query."""
    if row.standing.in_force is None:
        return {}
    content = base_of(row.id, row.standing.in_force)
    if content is None:
        return {}
    form = edition_of(row.form, content.edition, period, row.reporter.region)
    return {key_of(each): each for each in facts_of(form, content, row)}


def tell_otherwise(
    wanted: Iterable[tuple[Told, bool]], form: Form, held: Return, row: ReturnRow, by: Acting
) -> int | None:
    """Tells what is to stand, and whether as final, where it does not stand already."""
    told = list(wanted)
    stood = standing(cell_of(each) for each, _ in told)
    loads = {version.load for versions in stood.values() for version in versions}
    by_form = tellers(form, row, loads)
    fresh: dict[Maturity, list[Told]] = {Maturity.PRELIMINARY: [], Maturity.FINAL: []}
    for each, is_final in told:
        reported = [version for version in stood.get(cell_of(each), ()) if version.origin is Origin.REPORTED]
        newest = {version.maturity: version for version in reported}
        for maturity, one in _otherwise(each, is_final, newest, by_form):
            fresh[maturity].append(one)
    numbers = [_tell(some, maturity, form, held, row, by) for maturity, some in fresh.items() if some]
    return numbers[-1] if numbers else None


def _otherwise(
    told: Told, is_final: bool, newest: Mapping[Maturity, ObservationRow], by_form: Tellers
) -> Iterator[tuple[Maturity, Told]]:
    """What to tell in each vintage. What is told no more is missing in both, or the older figure would count again.

    What another form told is not withdrawn; what one told that stands before this one (sourcing) is left as it is.
    """
    told_by = {
        each: by_form.by_load[row.load]
        for each, row in newest.items()
        if row.state is State.VALUE and row.load in by_form.by_load
    }
    mine = {each for each, form in told_by.items() if form == by_form.form.id}
    if told.value is None:
        for maturity in _VINTAGES:
            if maturity in mine:
                yield maturity, told
        return
    is_of_region = told.subject.kind == "region"
    if is_of_region and any(by_form.is_above(form, told.indicator) for form in told_by.values()):
        return
    if not is_final and Maturity.FINAL in told_by:
        if Maturity.FINAL in mine and _says(newest[Maturity.FINAL], told):
            return  # approved as it is
        yield Maturity.FINAL, _gone(told)
    maturity = Maturity.FINAL if is_final else Maturity.PRELIMINARY
    is_anothers = is_of_region and maturity in told_by and maturity not in mine
    if maturity not in newest or is_anothers or not _says(newest[maturity], told):
        yield maturity, told


def _says(row: ObservationRow, told: Told) -> bool:
    return (row.state, row.value, row.unit) == (told.state, told.value, told.unit)


def cell_of(told: Told) -> CellKey:
    return (told.indicator, *told.subject.key, str(told.period), told.measure)


def _tell(fresh: list[Told], maturity: Maturity, form: Form, held: Return, row: ReturnRow, by: Acting) -> int:
    source = f"{form.name.zh} {row.reporter.name} {row.period}"
    signed = Version.objects.filter(owned=held, number=held.in_force or 0).values_list("digest", flat=True).first()
    load = Load.objects.create(
        name=f"return/{held.pk}/{held.in_force or 0}/{maturity.value}", sha256=signed or "", source=source,
        rows_new=len(fresh), rows_changed=0, rows_same=0, is_demo=row.is_demo, loaded_at=timezone.now(),
        loaded_by=by.author,
    )  # fmt: skip
    indicators = written(Word.INDICATOR, {each.indicator for each in fresh})
    units = written(Word.UNIT, {each.unit for each in fresh})
    of = [f"{form.name.zh} {each.subject.name} {row.period}" if each.is_shared else source for each in fresh]
    sources = written(Word.SOURCE, set(of))  # a sum is of nobody alone
    subjects = met({each.subject.key: each.subject for each in fresh}.values())
    Observation.objects.bulk_create(
        [
            Observation(
                indicator_id=indicators[each.indicator], subject_id=subjects[each.subject.key],
                first_month=each.period.first_month, months=each.period.months, measure=MEASURES.number(each.measure),
                state=STATES.number(each.state), origin=ORIGINS.number(Origin.REPORTED),
                maturity=MATURITIES.number(maturity), evidence=EVIDENCES.number(form.kind), value=each.value,
                unit_id=units[each.unit], source_id=sources[told_of], load=load,
            )
            for each, told_of in zip(fresh, of, strict=True)
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    return load.pk
