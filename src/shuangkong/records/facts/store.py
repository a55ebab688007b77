"""Rows ⇄ values of facts. Nothing is overwritten: a different figure for the same cell is a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Maturity, Measure, State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.plans.reading import Kind
from shuangkong.records.facts.columns import STATES
from shuangkong.records.facts.falls import falls
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.parsing import RowParser, RowRefused, Told, header
from shuangkong.records.facts.reached import Reached
from shuangkong.records.facts.rows import Figure, LoadReport, ObservationRow, RowVerdict
from shuangkong.records.facts.subjects import Meant, Subjects
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.models import Target
from shuangkong.records.targets.territory import BELOW
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators, Units

_WORDS = {
    "new": Message("新增", "new"),
    "changed": Message("有变，记为新版本", "changed: a new version"),
    "same": Message("相同，不动", "same"),
}
_PART_OF_A_YEAR = Message("；不满一年：只列出，不计入进度", "; part of a year: listed, not counted in the progress")
_CUMULATIVE = Message(
    "；按基年以来的累计数计入（若是当年的量，口径写“当年量”）",
    "; taken as cumulative since the base year (for the amount of the year write “amount”)",
)
#: Kinds of targets that count amounts from nothing since the base year.
_SUMMED = (Kind.REDUCTION_AMOUNT,)
_FIGURE_FIELDS = tuple(field.name for field in fields(Figure))
_BATCH = 400


def load_rows(
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    digest: str,
    source: str,
    by: Acting,
    is_dry_run: bool,
    is_demo: bool = False,
) -> LoadReport:
    """Takes in a sheet of actual values (first row the headings; see facts.columns), whole or not at all.

    Args:
        rows: cells as text, as papers.tables.read_sheet gives them.
        name, digest: of the file, for the record.
        source: of every figure whose row names none; a figure without any is refused.
        is_dry_run: say what would happen, write nothing.

    Returns a verdict a row: new, changed, same or refused; rows about what lies outside the person's places are
    refused. One refused row, and nothing is written.

    Raises:
        Forbidden: the person may load no figures anywhere.
    """
    require(by, Action.ACTUAL_LOAD)
    with transaction.atomic():
        told, verdicts = _parse(rows, source)
        reach = Reached.of([each for _, each in told], by)
        verdicts += [reach.refusal(each).verdict(number) for number, each in told if not reach.covers(each)]
        told = [(number, each) for number, each in told if reach.covers(each)]
        told, verdicts = _held_against_earlier(told, verdicts)
        current = _current(each.key for _, each in told)
        verdicts += [_verdict(number, each, current.get(each.key)) for number, each in told]
        verdicts.sort(key=lambda verdict: verdict.row)
        may_write = not is_dry_run and all(verdict.verdict != "refused" for verdict in verdicts)
        report = LoadReport(tuple(verdicts), may_write, None)
        if not may_write:
            return report
        load = Load.objects.create(
            name=name,
            sha256=digest,
            source=source,
            rows_new=report.count("new"),
            rows_changed=report.count("changed"),
            rows_same=report.count("same"),
            loaded_at=timezone.now(),
            loaded_by=by.author,
        )
        _record(told, current, load, is_demo)
        counts = {word: report.count(word) for word in _WORDS}
        act = by.act("actual.load", f"load/{load.pk}", ground=source, document=digest, after={"file": name} | counts)
        journal.append(replace(act, place=reach.place))
    return LoadReport(report.verdicts, True, load.pk)


def _parse(rows: Sequence[Sequence[str]], source: str) -> tuple[list[tuple[int, Told]], list[RowVerdict]]:
    """Rows that can be taken with their numbers in the file, and verdicts on those that cannot."""
    parser = _parser(source)
    if not rows:
        return [], [
            RowRefused(
                "TGT-100", "heading", Message("表头和至少一行数据", "headings and at least one row"), ""
            ).verdict(1)
        ]
    try:
        places = header(rows[0])
    except RowRefused as fault:
        return [], [fault.verdict(1)]
    told: list[tuple[int, Told]] = []
    refused: list[RowVerdict] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {places[n]: text.strip() for n, text in enumerate(row) if n in places}
        if not any(cells.values()):
            continue
        try:
            each = parser.parse(cells)
            if each.key in seen:
                expected = Message(
                    f"每个指标、对象、时期一行；第 {seen[each.key]} 行已有",
                    f"one row for an indicator, subject and period; row {seen[each.key]} has it",
                )
                raise RowRefused("TGT-109", "row", expected, each.subject_name)
        except RowRefused as fault:
            refused.append(fault.verdict(number))
            continue
        seen[each.key] = number
        told.append((number, each))
    return told, refused


def _held_against_earlier(
    told: list[tuple[int, Told]], verdicts: list[RowVerdict]
) -> tuple[list[tuple[int, Told]], list[RowVerdict]]:
    """A cumulative amount that falls is asked about. 1 query."""
    summed = [each for _, each in told if each.is_cumulative]
    subjects = {(each.subject_kind, each.subject_code) for each in summed}
    standing = observations({each.indicator for each in summed}, subjects) if summed else ()
    refused = falls(told, standing, Units(open_rulebook().lexicon().units))
    numbers = {verdict.row for verdict in refused}
    return [pair for pair in told if pair[0] not in numbers], [*verdicts, *refused]


def _parser(source: str) -> RowParser:
    """Knows what the policy files, the registry and the adopted plans name. 4 queries."""
    rulebook = open_rulebook()
    lexicon = rulebook.lexicon()
    return RowParser(
        indicators=Indicators(lexicon.indicators),
        printed=frozenset(Target.objects.values_list("indicator", flat=True).distinct()),
        units=Units(lexicon.units),
        subjects=Subjects(
            bound=_bound(),
            regions=registry.lookup(),
            industries={code: each.name for code, each in rulebook.industries().items()},
        ),
        summed=frozenset(
            Target.objects.filter(kind__in=_SUMMED).values_list("indicator", "subject_kind", "subject_code")
        ),
        source=source.strip(),
    )


def _bound() -> frozenset[Meant]:
    """Whom targets bind; a part that no list holds lies in the region of its plan. 1 query."""
    columns = ("subject_kind", "subject_code", "subject_name", "plan__region__name", "plan__region_printed")
    found = Target.objects.values_list(*columns).distinct()
    return frozenset(
        Meant(kind, code, name, (listed or printed) if kind == "region" and BELOW in code else "")
        for kind, code, name, listed, printed in found
    )


def _current(keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Observation]:
    """The newest version of each cell. 1 query a 400 indicators."""
    wanted = set(keys)
    indicators = sorted({key[0] for key in wanted})
    found: dict[tuple[str, ...], Observation] = {}
    for start in range(0, len(indicators), _BATCH):
        group = indicators[start : start + _BATCH]
        for each in Observation.objects.filter(indicator__in=group, superseded_by__isnull=True):
            found[each.indicator, each.subject_kind, each.subject_code, each.period, each.measure] = each
    return {key: each for key, each in found.items() if key in wanted}


def _verdict(number: int, told: Told, current: Observation | None) -> RowVerdict:
    before = (
        None
        if current is None
        else (current.state, current.value, current.unit, current.maturity, current.source, current.note)
    )
    word = "new" if current is None else "same" if before == told.content else "changed"
    message = _WORDS[word]
    if not Period.parse(told.period).is_year:
        message = Message(message.zh + _PART_OF_A_YEAR.zh, message.en + _PART_OF_A_YEAR.en)
    elif told.is_cumulative:
        message = Message(message.zh + _CUMULATIVE.zh, message.en + _CUMULATIVE.en)
    return RowVerdict(
        number,
        "TGT-110",
        word,
        message,
        indicator=told.indicator,
        what=f"{told.subject_name}{f'（{told.within}）' if told.within else ''} · {told.period}",
        told=_shown(told.state, told.value, told.unit),
        before="" if current is None else _shown(State(current.state), current.value, current.unit),
    )


def _shown(state: State, value: Decimal | None, unit: str) -> str:
    """A figure with its unit, or the word that says why there is none."""
    return f"{value}{unit}" if value is not None else next(word for word, known in STATES.items() if known is state)


def _record(
    told: Sequence[tuple[int, Told]], current: Mapping[tuple[str, ...], Observation], load: Load, is_demo: bool
) -> None:
    Observation.objects.bulk_create(
        [
            Observation(
                **{name: getattr(each, name) for name in _FIGURE_FIELDS},
                load=load,
                supersedes=current.get(each.key),
                is_demo=is_demo,
                recorded_at=load.loaded_at,
                recorded_by=load.loaded_by,
            )
            for number, each in told
            if _verdict(number, each, current.get(each.key)).verdict != "same"
        ],
        batch_size=_BATCH,
    )


def observations(
    indicators: Iterable[str], subjects: Iterable[tuple[str, str]], until: date | None = None
) -> tuple[ObservationRow, ...]:
    """Newest versions (known by the end of a day) for these indicators and (kind, code) subjects, by period.

    1 query.
    """
    wanted = set(subjects)
    found = Observation.objects.filter(
        _newest(until), indicator__in=set(indicators), subject_code__in={code for _, code in wanted}
    ).order_by("period", "pk")
    return tuple(_row(each) for each in found if (each.subject_kind, each.subject_code) in wanted)


def versions(
    indicator: str, subject_kind: str, subject_code: str, until: date | None = None
) -> tuple[ObservationRow, ...]:
    """All versions of all figures of one indicator and subject known by the end of a day, oldest first. 1 query."""
    found = Observation.objects.filter(
        known_by(until, "recorded_at"), indicator=indicator, subject_kind=subject_kind, subject_code=subject_code
    )
    return tuple(map(_row, found.order_by("pk")))


def _newest(until: date | None) -> Q:
    """Recorded by the end of the day and not superseded by then."""
    if until is None:
        return Q(superseded_by__isnull=True)
    return known_by(until, "recorded_at") & ~known_by(until, "superseded_by__recorded_at")


def _row(found: Observation) -> ObservationRow:
    told = {name: getattr(found, name) for name in _FIGURE_FIELDS}
    told |= {"measure": Measure(found.measure), "state": State(found.state), "maturity": Maturity(found.maturity)}
    return ObservationRow(
        **told,
        id=found.pk,
        is_demo=found.is_demo,
        recorded_at=found.recorded_at,
        recorded_by=found.recorded_by,
        supersedes=found.supersedes_id,
    )
