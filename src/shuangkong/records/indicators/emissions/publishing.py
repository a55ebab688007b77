"""入库: what the ledger comes to becomes figures of its place, told anew when it changes, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin
from shuangkong.core.period import Period
from shuangkong.indicators.emissions.credit import Credit, by_year, counted
from shuangkong.indicators.emissions.standing import State
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, VALUE
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.looking import standing as figures_standing
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import ObservationRow, SubjectRow
from shuangkong.records.indicators.emissions.chosen import counting
from shuangkong.records.indicators.emissions.models import Inventory
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.emissions.store import reductions
from shuangkong.records.paths import SEPARATOR, below, is_below
from shuangkong.records.people.acting import Acting
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import brief

_REGION = "region"
_LEDGER = "主要污染物减排台账"
#: What the figures of an invented place say wherever they stand.
_INVENTED = "虚构"
_LONGEST_SOURCE = 600


@dataclass(frozen=True, slots=True)
class _Told:
    """One figure of a place and year, in tonnes."""

    region: Region
    indicator: str
    year: int
    value: Decimal
    origin: Origin
    maturity: Maturity
    measure: Measure
    source: str


def publish_base(inventory: Inventory, totals: Mapping[str, Decimal], by: Acting) -> None:
    """The totals of a base that was chosen, as recognised figures of its year; what it leaves out goes with them."""
    excluded = f"，{inventory.excluded}" if inventory.excluded else ""
    source = brief(f"{inventory.title}（底数第 {inventory.pk} 号，{inventory.document}{excluded}）", _LONGEST_SOURCE)
    told = [
        _Told(
            inventory.region,
            indicator,
            inventory.year,
            value,
            Origin.RECOGNISED,
            Maturity.AUDITED,
            Measure.LEVEL,
            source,
        )
        for indicator, value in totals.items()
    ]
    _write(told, by, inventory.is_demo)


def publish(place: Region, pollutant: str, by: Acting) -> None:
    """What reductions come to in each year, recognised and as reported: of the place, and of each above it that has a
    base of its own. ~12 queries.
    """
    codes = place.path.strip(SEPARATOR).split(SEPARATOR)
    based = {region for region, _ in counting(codes)} | {place.pk}
    regions = Region.objects.in_bulk(sorted(based))
    widest = min((each.path for each in regions.values()), key=len)
    rows = reductions(Q(pollutant=pollutant) & below(widest))
    told = [
        figure
        for region in regions.values()
        for figure in _figures(region, pollutant, [row for row in rows if is_below(row.path, region.path)])
    ]
    _write(told, by, place.is_fictional)


def _figures(region: Region, pollutant: str, rows: list[ReductionRow]) -> Iterator[_Told]:
    """Of one place, by year."""
    known = rules_at(region.pk).accounting.pollutants.get(pollutant)
    if known is None:  # a pollutant that only a place below accounts for
        return
    ever = [row for row in rows if row.standing.state in (State.RECOGNISED, State.REVERSED)]
    counts = [row.credit(amount) for row in ever if (amount := row.standing.counts_t) is not None]
    reported = [row.credit(amount) for row in rows if (amount := row.standing.reported_t) is not None]
    key = [row for row in ever if row.is_key]
    of_key = [each for each in counts if each.project in {row.id for row in key}]
    made = _Maker(region, rows)
    for year in _years(ever):
        yield made.recognised(known.recognised, year, counts)
    for year in _years(row for row in rows if row.standing.reported_t is not None):
        yield made.reported(known.reported, year, reported)
    for year in _years(key) if known.project else ():
        yield made.recognised(known.project, year, of_key, Measure.AMOUNT)


def _years(rows: Iterable[ReductionRow]) -> list[int]:
    return sorted({year for row in rows for year in by_year(row.credit(Decimal(1)))})


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes figures of a place with the numbers of the reductions that they sum up, and what these leave out."""

    region: Region
    rows: list[ReductionRow]

    def recognised(
        self, indicator: str, year: int, credits_: Iterable[Credit], measure: Measure = Measure.LEVEL
    ) -> _Told:
        value, source = counted(credits_, year), self.source(credits_, year)
        return _Told(self.region, indicator, year, value, Origin.RECOGNISED, Maturity.AUDITED, measure, source)

    def reported(self, indicator: str, year: int, credits_: Iterable[Credit]) -> _Told:
        value, source = counted(credits_, year), self.source(credits_, year)
        return _Told(self.region, indicator, year, value, Origin.REPORTED, Maturity.PRELIMINARY, Measure.LEVEL, source)

    def source(self, credits_: Iterable[Credit], year: int) -> str:
        parts = {each.project: amount for each in credits_ if (amount := by_year(each).get(year))}
        listed = "、".join(f"第 {project} 号 {parts[project].normalize():f} 吨" for project in sorted(parts))
        excluded = sorted({row.note for row in self.rows if row.note and row.id in parts})
        ledger = f"{_LEDGER}（{_INVENTED}）" if self.region.is_fictional else _LEDGER
        words = f"{ledger}：{listed or '无'}" + (f"；{'；'.join(excluded)}" if excluded else "")
        return brief(words, _LONGEST_SOURCE)


def _write(told: Iterable[_Told], by: Acting, is_demo: bool) -> None:
    """Those that differ from what stands; one load, in the caller's transaction."""
    every = list(told)
    cells = {each: (each.indicator, _REGION, each.region.pk, str(each.year), each.measure) for each in every}
    standing = figures_standing(cells.values())
    changed = [each for each in every if not _stands(each, standing.get(cells[each], ()))]
    if not changed:
        return
    load = Load.objects.create(
        name=_LEDGER, sha256="", source=_LEDGER, rows_new=len(changed), rows_changed=0, rows_same=0,
        is_demo=is_demo, loaded_at=timezone.now(), loaded_by=by.author,
    )  # fmt: skip
    indicators = written(Word.INDICATOR, (each.indicator for each in changed))
    unit = written(Word.UNIT, ["吨"])["吨"]
    sources = written(Word.SOURCE, (each.source for each in changed))
    places = {each.region.pk: each.region.name for each in changed}
    subjects = met(SubjectRow(_REGION, code, name, code) for code, name in places.items())
    Observation.objects.bulk_create(
        Observation(
            indicator_id=indicators[each.indicator], subject_id=subjects[_REGION, each.region.pk],
            first_month=Period(each.year).first_month,
            months=Period(each.year).months, measure=MEASURES.number(each.measure), state=VALUE,
            origin=ORIGINS.number(each.origin), maturity=MATURITIES.number(each.maturity),
            evidence=EVIDENCES.number(Evidence.ADMINISTRATIVE), value=each.value, unit_id=unit,
            source_id=sources[each.source], load=load,
        )
        for each in changed
    )  # fmt: skip


def _stands(told: _Told, versions: Iterable[ObservationRow]) -> bool:
    """Whether the newest figure of the same vintage says the same."""
    same = [row for row in versions if (row.origin, row.maturity) == (told.origin, told.maturity)]
    return bool(same) and (same[-1].value, same[-1].source) == (told.value, told.source)
