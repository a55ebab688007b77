"""A nation's month: 3,300 regions and 17,000 units by 300 indicators, computed through the database and in columns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from bench.ground import ROOT, NotMeasured, Row, peak_megabytes
from bench.postgresql import NoServer, server

TITLE = "A nation's month"
NOTE = (
    "30 provinces, 327 cities, 2,943 counties and 17,000 units. 300 indicators: those of the policy with a formula, "
    "what these take, those that add up, others. Every county and unit tells every indicator of July 2025 that is not "
    "computed, and of the months back to 2020-07 what formulas take. Each act on a database runs in a process of its "
    "own, its policy read beforehand; filling is not counted. The correction is one county's consumption told anew."
)


def rows() -> Iterator[Row]:
    """Measures both databases, then the columns alone."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _told("SQLite", {"SHUANGKONG_VAR": folder})
    try:
        with tempfile.TemporaryDirectory() as folder, server() as address:
            yield from _told("PostgreSQL", {"SHUANGKONG_VAR": folder, "SHUANGKONG_DATABASE": address})
    except NoServer as lack:
        raise NotMeasured(str(lack)) from lack
    with tempfile.TemporaryDirectory() as folder:
        told = _run("columns", {"SHUANGKONG_VAR": folder})
    what = f"{told['months']} months in columns, {told['results']:,} results, Parquet to Parquet"
    yield Row(what, _times(told))
    yield Row("columns: most memory of the process", f"{told['memory']:.0f} MiB")


def _told(database: str, environment: dict[str, str]) -> Iterator[Row]:
    made = _run("fill", environment)
    yield Row(f"{database}: facts; {made['columns']} indicators told, {made['computed']} computed", made["facts"])
    first = _run("compute", environment)
    yield Row(f"{database}: everything computed for the first time ({first['changed']:,} results)", _times(first))
    month = _run("month", environment)
    cells = f"{month['changed']:,} results written, {month['one_by_one']:,} cells one by one"
    yield Row(f"{database}: the month told anew, computed ({cells})", _times(month), "< 60 s")
    yield Row(f"{database}: most memory of the process", f"{month['memory']:.0f} MiB", "< 4 GiB")
    again = _run("again", environment)
    yield Row(f"{database}: everything again, nothing changed", _times(again))
    one = _run("correct", environment)
    what = f"{database}: one correction to its province's results ({one['changed']} changed)"
    yield Row(what, _times(one), "< 1 s")
    yield Row(f"{database}: of which taking in the file", f"{one['load']:.2f} s")


def _times(told: dict[str, Any]) -> str:
    return f"{told['seconds']:.2f} s, {told['processor']:.2f} s of the processor"


def _run(act: str, environment: dict[str, str]) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.nation", act], cwd=ROOT, env=os.environ | environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise NotMeasured(told.stderr[-800:])
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def main(act: str) -> None:
    """One act on the database of the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangkong.web.site.settings")
    django.setup()
    from bench import nation_acts

    found = {"fill": nation_acts.fill, "month": nation_acts.month, "columns": nation_acts.columns}.get(
        act, lambda: nation_acts.act(act)
    )()
    print(json.dumps(found | {"memory": peak_megabytes()}))


if __name__ == "__main__":
    main(sys.argv[1])
