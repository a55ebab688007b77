"""1,000,000 reports of progress through the door for tables: read, judged row by row, written, told again."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from bench.generated import FULL, SMALL, Size, fill
from bench.ground import Row, fresh, peak_megabytes

TITLE = "1,000,000 rows of progress taken in by tables"
NOTE = (
    "Invented data over 100,000 tasks, SQLite; files of 100,000 rows as .csv, each read, judged and written in one "
    "transaction by one process; the first file is then taken in again, and must change nothing. One run."
)
FILES = 10
_HEADINGS = ("ref", "task", "body", "on", "grade", "percent", "text")


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHUANGKONG_VAR"], os.environ["SHUANGKONG_DATABASE"] = folder, ""
        told = fresh("imports", "full")
    yield Row("rows taken in, all of them new", f"{told['new']:,}", "1,000,000")
    yield Row("the first file again", f"{told['same']:,} the same, {told['again']} new", "nothing new")
    yield Row("time of a file of 100,000 rows", f"first {told['first']:.0f} s, last {told['last']:.0f} s")
    yield Row("the whole", f"{told['seconds']:.0f} s, {told['new'] / told['seconds']:,.0f} rows a second")
    yield Row("the first file again, without writing", f"{told['repeated']:.0f} s")
    yield Row("peak memory of that process", f"{told['megabytes']:.0f} MB")


def take_in(size: Size, files: int) -> dict[str, Any]:
    """Fills an empty site with tasks and takes in files of as many reports as there are tasks."""
    from django.utils import timezone

    fill(Size(size.plans, 0), timezone.localdate())
    owed, length = _owed(), size.tasks
    new, times, first = 0, list[float](), b""
    for number in range(files):
        content = _file(number, length, owed)
        first = first or content
        start = perf_counter()
        new += _load(content, number)["new"]
        times.append(perf_counter() - start)
    start = perf_counter()
    again = _load(first, 0)
    return {
        "new": new, "same": again["same"], "again": again["new"], "first": times[0], "last": times[-1],
        "seconds": sum(times), "repeated": perf_counter() - start, "megabytes": peak_megabytes(),
    }  # fmt: skip


def _file(number: int, length: int, owed: list[tuple[int, str]]) -> bytes:
    """Reports on tasks that are open, one after another and round again; each told by the task's first body."""
    from django.utils import timezone

    text, day = io.StringIO(), timezone.localdate().isoformat()
    out = csv.writer(text)
    out.writerow(_HEADINGS)
    for at in range(number * length, (number + 1) * length):
        task, body = owed[at % len(owed)]
        out.writerow((f"R-{at}", task, body, day, "on_track", at % 100, f"第 {number + 1} 次报送：按计划推进"))
    return text.getvalue().encode()


def _owed() -> list[tuple[int, str]]:
    """Open tasks and the name of the first body of each."""
    from shuangkong.plans.tasks.events import EventKind, State, may_happen
    from shuangkong.records.plans.tasks.models import TaskBody

    states = [state for state in State if may_happen(state, EventKind.REPORT)]
    found = TaskBody.objects.filter(ordinal=0, ended_on=None, task__state__in=states)
    return list(found.order_by("task").values_list("task", "body__name"))


def _load(content: bytes, number: int) -> dict[str, int]:
    from shuangkong.papers.tables import read_sheet
    from shuangkong.records.people.acting import Acting
    from shuangkong.records.people.roles import Role
    from shuangkong.records.plans.exchange.rows import Sort, Verdict
    from shuangkong.records.plans.exchange.store import load_rows

    by = Acting("generator", Role.ADMINISTRATOR, paths=("/",))
    sheet = read_sheet(content, f"{number}.csv")
    report = load_rows(Sort.PROGRESS, sheet.rows, by, name=f"{number}.csv", digest=sheet.digest)
    if report.count(Verdict.REFUSED):
        raise AssertionError(next(each.message.en for each in report.verdicts if each.verdict is Verdict.REFUSED))
    return {verdict.value: report.count(verdict) for verdict in Verdict}


if __name__ == "__main__":
    from shuangkong.cli.site import open_site

    open_site()
    print(json.dumps(take_in(FULL if "full" in sys.argv else SMALL, FILES)))
