"""A sheet of actual values, row by row: a verdict on each, and the whole written or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.plans.reading import Kind
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS
from shuangkong.records.facts.codes import STATES as STATE_NUMBERS
from shuangkong.records.facts.columns import STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.falls import falls
from shuangkong.records.facts.looking import best, observations, standing
from shuangkong.records.facts.models import Load, Observation, Subject, Word
from shuangkong.records.facts.parsing import RowParser, RowRefused, Told, header
from shuangkong.records.facts.reached import Reached
from shuangkong.records.facts.rows import LoadReport, ObservationRow, RowVerdict
from shuangkong.records.facts.subjects import REGISTERED, Meant, Subjects
from shuangkong.records.facts.table_form import table_form
from shuangkong.records.journal import store as journal
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

    A sheet in the shape of a table of the policy (facts.table_form) is taken in cell by cell.

    Raises:
        Forbidden: the person may load no figures anywhere.
    """
    require(by, Action.ACTUAL_LOAD)
    form = table_form(rows, open_rulebook().tables())
    if form is None:
        return _load(rows, name=name, digest=digest, source=source, by=by, is_dry_run=is_dry_run, is_demo=is_demo)
    is_tried = is_dry_run or bool(form.refused)
    return form.located(
        _load(form.rows, name=name, digest=digest, source=source, by=by, is_dry_run=is_tried, is_demo=is_demo)
    )


def _load(
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    digest: str,
    source: str,
    by: Acting,
    is_dry_run: bool,
    is_demo: bool,
) -> LoadReport:
    with transaction.atomic():
        told, verdicts = _parse(rows, source)
        reach = Reached.of([each.subject for _, each in told], by)
        outside = {each.subject for _, each in told if not reach.covers(each.subject)}
        verdicts += [reach.refusal(each.subject).verdict(number) for number, each in told if each.subject in outside]
        told = [(number, each) for number, each in told if each.subject not in outside]
        told, verdicts = held_against_earlier(told, verdicts)
        current = standing(each.cell for _, each in told)
        words = {number: _word_of(each, current.get(each.cell, ())) for number, each in told}
        verdicts += [_verdict(number, each, words[number], current.get(each.cell, ())) for number, each in told]
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
            is_demo=is_demo,
            loaded_at=timezone.now(),
            loaded_by=by.author,
        )
        _record([each for number, each in told if words[number] != "same"], load)
        counts = {word: report.count(word) for word in _WORDS}
        act = by.act("actual.load", f"load/{load.pk}", ground=source, document=digest, after={"file": name} | counts)
        journal.append(replace(act, place=reach.place))
    return LoadReport(report.verdicts, True, load.pk)


def _parse(rows: Sequence[Sequence[str]], source: str) -> tuple[list[tuple[int, Told]], list[RowVerdict]]:
    """Rows that can be taken with their numbers in the file, and verdicts on those that cannot."""
    parser = row_parser(source)
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
                    f"每个指标、对象、时期（同一来路和状态）一行；第 {seen[each.key]} 行已有",
                    f"one row for an indicator, subject and period (of one origin and maturity); "
                    f"row {seen[each.key]} has it",
                )
                raise RowRefused("TGT-109", "row", expected, each.subject_name)
        except RowRefused as fault:
            refused.append(fault.verdict(number))
            continue
        seen[each.key] = number
        told.append((number, each))
    return told, refused


def held_against_earlier(
    told: list[tuple[int, Told]], verdicts: list[RowVerdict]
) -> tuple[list[tuple[int, Told]], list[RowVerdict]]:
    """A cumulative amount that falls is asked about. 1 query."""
    summed = [each for _, each in told if each.is_cumulative]
    subjects = {(each.subject_kind, each.subject_code) for each in summed}
    standing = observations({each.indicator for each in summed}, subjects) if summed else ()
    refused = falls(told, standing, Units(open_rulebook().lexicon().units))
    numbers = {verdict.row for verdict in refused}
    return [pair for pair in told if pair[0] not in numbers], [*verdicts, *refused]


def row_parser(source: str) -> RowParser:
    """Knows what the policy files, the registry and the adopted plans name. 5 queries."""
    rulebook = open_rulebook()
    lexicon = rulebook.lexicon()
    return RowParser(
        indicators=Indicators(lexicon.indicators),
        printed=frozenset(Target.objects.values_list("indicator", flat=True).distinct()),
        units=Units(lexicon.units),
        subjects=Subjects(
            bound=_bound(),
            regions=registry.lookup(),
            industries=rulebook.industries(),
            registered=_registered(),
        ),
        summed=frozenset(
            Target.objects.filter(kind__in=_SUMMED).values_list("indicator", "subject_kind", "subject_code")
        ),
        source=source.strip(),
        cells={key: unit for table in rulebook.tables().values() for key, unit in table.figures.items()},
    )


def _bound() -> frozenset[Meant]:
    """Whom targets bind; a part that no list holds lies in the region of its plan. 1 query."""
    columns = ("subject_kind", "subject_code", "subject_name", "plan__region__name", "plan__region_printed")
    found = Target.objects.values_list(*columns).distinct()
    return frozenset(
        Meant(kind, code, name, (listed or printed) if kind == "region" and BELOW in code else "")
        for kind, code, name, listed, printed in found
    )


def _registered() -> Mapping[tuple[str, str], tuple[Meant, ...]]:
    """Registered units and the like, by kind and code and by kind and name. 1 query."""
    found: dict[tuple[str, str], tuple[Meant, ...]] = {}
    standing = Subject.objects.filter(kind__in=REGISTERED, withdrawals=None)
    for kind, code, name, region in standing.values_list("kind", "code", "name", "region"):
        meant = Meant(kind, code, name, region=region)
        for word in {code, "".join(name.split())}:
            found[kind, word] = (*found.get((kind, word), ()), meant)
    return found


def _word_of(told: Told, current: Sequence[ObservationRow]) -> str:
    """New where nothing was told of the cell, same where its own vintage says the same, else changed."""
    if not current:
        return "new"
    newest = {row.key: row for row in current}.get(told.key)
    return "same" if newest is not None and newest.content == told.content else "changed"


def _verdict(number: int, told: Told, word: str, current: Sequence[ObservationRow]) -> RowVerdict:
    message, before = _WORDS[word], best(current)
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
        before="" if before is None else _shown(before.state, before.value, before.unit),
    )


def _shown(state: State, value: Decimal | None, unit: str) -> str:
    """A figure with its unit, or the word that says why there is none."""
    return f"{value}{unit}" if value is not None else next(word for word, known in STATES.items() if known is state)


def _record(told: Sequence[Told], load: Load) -> None:
    """Writes what is new or changed; its texts and subjects, where they are new, before it."""
    indicators = written(Word.INDICATOR, (each.indicator for each in told))
    units = written(Word.UNIT, (each.unit for each in told))
    sources = written(Word.SOURCE, (each.source for each in told))
    subjects = met(each.subject for each in told)
    rows = [
        Observation(
            indicator_id=indicators[each.indicator],
            subject_id=subjects[each.subject.key],
            first_month=(period := Period.parse(each.period)).first_month,
            months=period.months,
            measure=MEASURES.number(each.measure),
            state=STATE_NUMBERS.number(each.state),
            origin=ORIGINS.number(each.origin),
            maturity=MATURITIES.number(each.maturity),
            evidence=EVIDENCES.number(each.evidence),
            value=each.value,
            unit_id=units[each.unit],
            source_id=sources[each.source],
            note=each.note,
            load=load,
        )
        for each in told
    ]
    Observation.objects.bulk_create(rows, batch_size=_BATCH)
