"""虚构的集团代报: one body files for several units of the county by agreement; some of it waits to be signed.

What was filed is invented; every act goes through the functions by which the pages record it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from shuangkong.cli.demo.cast import Cast, lines
from shuangkong.core.digest import sm3
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting import bulk
from shuangkong.records.reporting.bulk_signing import sign_read, to_read
from shuangkong.records.reporting.models import Reporter, Window
from shuangkong.records.reporting.register import appoint_agent
from shuangkong.records.reporting.rows import finding_key
from shuangkong.reporting.content import Origin
from shuangkong.reporting.taking import Taken, taken
from shuangkong.rulebook import open_rulebook


def take_many(folder: Path, windows: Mapping[str, int], cast: Cast) -> None:
    """Enters the agreements, then files what each line says: all of one window and person together."""
    for line in lines(folder / "agents.csv"):
        reporter = Reporter.objects.get(kind="unit", code=line["unit"])
        body = cast.named(line["who"]).body
        assert body is not None
        appoint_agent(reporter.pk, body, cast.named("office"), line["ground"], may_sign=True)
    rows = list(lines(folder / "many.csv"))
    for (window, who), some in groupby(rows, key=lambda line: (line["window"], line["who"])):
        _file(windows[window], list(some), cast.named(who))


def _file(window: int, told: list[dict[str, str]], by: Acting) -> None:
    where = Window.objects.get(pk=window)
    what = bulk.to_file(by, where.form, where.period)
    read = {line["unit"]: _read(what, line["cells"]) for line in told}
    named = sm3(f"{window}".encode())
    bulk.kept(what, read, by, named)
    said = {line["unit"]: line["text"] for line in told if line["text"]}
    if said:
        _explain(what, said, by, named)
    wanted = {line["unit"] for line in told if line["step"] == "sign"}
    shown, _ = to_read(by, where.form, where.period)
    marks = {each.row.id: each.told.mark for each in shown if each.row.reporter.code in wanted}
    if marks:
        done = sign_read(by, marks)
        assert not done.refused, [refusal.message.zh for _, refusal in done.refused]


def _read(what: bulk.ToFile, cells: str) -> Taken:
    told: Iterable[tuple[str, str]] = ((at, text) for at, _, text in (each.partition("=") for each in cells.split()))
    given = [(at, text, at) for at, text in told]
    return taken(what.form, given, open_rulebook().units(), Origin.IMPORTED)


def _explain(what: bulk.ToFile, said: Mapping[str, str], by: Acting, document: str) -> None:
    """Every doubt about a unit gets the same words."""
    words: dict[str, dict[str, str]] = {unit: {} for unit in said}
    for row, found in bulk.to_explain(what):
        if row.reporter.code in words:
            words[row.reporter.code][finding_key(found.code, found.place)] = said[row.reporter.code]
    bulk.kept(what, dict.fromkeys(said, Taken({}, ())), by, document, words)
