"""Files of a million figures: batch by batch in columns, whole or not at all, in bounded memory.

The rules are those of taking.load_rows; verdicts are kept of refused rows only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import polars as pl
from django.db import transaction
from django.utils import timezone

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.records.facts.codes import MEASURES
from shuangkong.records.facts.comparing import compared
from shuangkong.records.facts.frames import VINTAGE
from shuangkong.records.facts.inserting import insert, next_load
from shuangkong.records.facts.models import Load
from shuangkong.records.facts.numbering import Numbers
from shuangkong.records.facts.parsing import RowRefused, Told
from shuangkong.records.facts.reached import Reached
from shuangkong.records.facts.rows import BulkReport, RowVerdict, SubjectRow
from shuangkong.records.facts.taking import held_against_earlier, row_parser
from shuangkong.records.facts.vectors import Vectors
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

#: Verdicts kept of refused rows; the rest are counted. Whoever mends these will see the others.
MOST_VERDICTS = 1_000
_LEVEL = MEASURES.number(Measure.LEVEL)


def load_batches(
    batches: Iterable[pl.DataFrame],
    *,
    name: str,
    digest: str,
    source: str,
    by: Acting,
    is_dry_run: bool,
    is_demo: bool = False,
) -> BulkReport:
    """Takes in a file that comes in batches (``row`` and text columns, see facts.vectors), whole or not at all.

    ~10 queries a batch, besides those of subjects and texts that are new.

    Raises:
        Forbidden: the person may load no figures anywhere.
    """
    require(by, Action.ACTUAL_LOAD)
    with transaction.atomic():
        taking = _Taking(Vectors(row_parser(source)), by, 0 if is_dry_run else next_load())
        try:
            for batch in batches:
                taking.take(batch)
        except RowRefused as fault:  # the headings, before any row
            taking.refuse([fault.verdict(1)])
        taking.hold_against_earlier()
        is_written = not is_dry_run and not taking.count["refused"]
        if is_written:
            _record(taking, name, digest, source, is_demo)
        else:
            transaction.set_rollback(True)
    verdicts = tuple(sorted(taking.refused, key=lambda verdict: verdict.row))
    return BulkReport(dict(taking.count), verdicts, is_written, taking.load if is_written else None)


def _record(taking: _Taking, name: str, digest: str, source: str, is_demo: bool) -> None:
    """The load itself, and its row in the journal."""
    counts = {word: taking.count[word] for word in ("new", "changed", "same")}
    Load.objects.create(
        pk=taking.load,
        name=name,
        sha256=digest,
        source=source,
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_same=counts["same"],
        is_demo=is_demo,
        loaded_at=timezone.now(),
        loaded_by=taking.by.author,
    )
    act = taking.by.act("actual.load", f"load/{taking.load}", ground=source, document=digest)
    journal.append(replace(act, after={"file": name} | counts, place=taking.reach.place))


@dataclass
class _Taking:
    """One file being taken in. ``load`` 0: it is only tried.

    Attributes:
        keys: ``row`` and vintage of every sound row so far: a figure is told once a file.
        cumulative: rows that count amounts since the base year, asked about once all are known.
        subjects: those met so far; ``outside`` those of them outside the person's places.
    """

    vectors: Vectors
    by: Acting
    load: int
    count: Counter[str] = field(default_factory=Counter)
    refused: list[RowVerdict] = field(default_factory=list)
    keys: list[pl.DataFrame] = field(default_factory=list)
    cumulative: list[tuple[int, Told]] = field(default_factory=list)
    subjects: set[tuple[str, str]] = field(default_factory=set)
    outside: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reach = Reached.of([], self.by)
        self.numbers = Numbers(is_tried=not self.load)

    def take(self, batch: pl.DataFrame) -> None:
        sound, refused = self.vectors.parse(batch)
        self.refuse(refused)
        subjects = sound.select("kind", "code", "name", "region").unique(["kind", "code"])
        self._reach([SubjectRow(*row) for row in subjects.iter_rows()])
        sound = self._within(sound)
        self.cumulative += self.vectors.told(batch, self._cumulative(sound))
        sound = self._once(self.numbers.numbered(sound))
        verdicts = compared(sound)
        self.count.update(dict(verdicts["verdict"].value_counts().iter_rows()))
        if self.load and not self.count["refused"]:
            insert(verdicts.filter(pl.col("verdict") != "same").with_columns(load_id=pl.lit(self.load)))

    def refuse(self, verdicts: Iterable[RowVerdict]) -> None:
        for verdict in verdicts:
            self.count["refused"] += 1
            if len(self.refused) < MOST_VERDICTS:
                self.refused.append(verdict)

    def hold_against_earlier(self) -> None:
        """A cumulative amount that falls is asked about."""
        _, refused = held_against_earlier(self.cumulative, [])
        self.refuse(refused)

    def _reach(self, subjects: Iterable[SubjectRow]) -> None:
        """Learns where subjects lie, and which of them are outside the person's places."""
        new = [each for each in subjects if each.key not in self.subjects]
        found = Reached.of(new, self.by)
        self.reach = replace(found, paths={**self.reach.paths, **found.paths})
        self.subjects |= {each.key for each in new}
        self.outside |= {each.key for each in new if not self.reach.covers(each)}

    def _within(self, sound: pl.DataFrame) -> pl.DataFrame:
        """Rows about subjects that the person may tell of; the others are refused."""
        if not self.outside:
            return sound
        outside = pl.DataFrame(sorted(self.outside), schema={"kind": pl.String, "code": pl.String}, orient="row")
        far = sound.join(outside, on=["kind", "code"], how="semi")
        self.refuse(
            self.reach.refusal(SubjectRow(kind, code, name)).verdict(row)
            for row, kind, code, name in far.select("row", "kind", "code", "name").iter_rows()
        )
        return sound.join(outside, on=["kind", "code"], how="anti", maintain_order="left")

    def _cumulative(self, sound: pl.DataFrame) -> list[int]:
        summed = self.vectors.parser.summed
        if not summed:
            return []
        key = {"indicator": pl.String, "kind": pl.String, "code": pl.String}
        wanted = pl.DataFrame(sorted(summed), schema=key, orient="row")
        found = sound.filter(pl.col("measure") == _LEVEL).join(wanted, on=list(key), how="semi")
        return found["row"].to_list()

    def _once(self, sound: pl.DataFrame) -> pl.DataFrame:
        """Without rows whose figure stands in an earlier row of the file; those are refused."""
        own = sound.select("row", *VINTAGE)
        first = pl.concat([*self.keys, own]).group_by(VINTAGE).agg(first=pl.col("row").min())
        marked = sound.join(first, on=VINTAGE, how="left", maintain_order="left")
        again = marked.filter(pl.col("row") != pl.col("first"))
        self.refuse(
            RowRefused("TGT-109", "row", _earlier(first), name).verdict(row)
            for row, first, name in again.select("row", "first", "name").iter_rows()
        )
        self.keys.append(own)
        return marked.filter(pl.col("row") == pl.col("first")).drop("first")


def _earlier(row: int) -> Message:
    return Message(
        f"每个指标、对象、时期（同一来路和状态）一行；第 {row} 行已有",
        f"one row for an indicator, subject and period (of one origin and maturity); row {row} has it",
    )
