"""虚构的绿证台账: invented accounts and entries of the fictional county, and what they tell the formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from shuangkong.cli.demo.cast import COUNTY
from shuangkong.papers.tables import read_sheet
from shuangkong.records.people.acting import Acting
from shuangkong.records.quotas.columns import rows_told
from shuangkong.records.quotas.models import CertificateHolder
from shuangkong.records.quotas.rows import Told
from shuangkong.records.quotas.taking import open_holder, take_entries
from shuangkong.records.quotas.telling import tell_net_power


def take_certificates(folder: Path, by: Acting, years: int) -> Iterator[str]:
    """Opens the accounts and makes the entries, once, with the years moved; yields what was refused.

    All accounts are kept by the county; one holder of ``holders.csv`` is in another province.
    """
    with (folder / "holders.csv").open(encoding="utf-8", newline="") as file:
        places = {row["name"]: row["region"] for row in csv.DictReader(file)}
    if CertificateHolder.objects.filter(name__in=places).exists():
        return
    for name, region in places.items():
        open_holder(name, region, COUNTY, by, is_demo=True)
    path = folder / "certificates.csv"
    sheet = read_sheet(path.read_bytes(), path.name)
    rows = [_moved(row, years) for row in rows_told(sheet.rows)]
    report = take_entries(rows, by, source=path.stem, digest=sheet.digest, is_demo=True)
    yield from (verdict.message.zh for verdict in report.refused)
    for year in sorted({date.fromisoformat(row.on).year for row in rows}):
        tell_net_power(COUNTY, year, by)


def _moved(row: Told, years: int) -> Told:
    day = date.fromisoformat(row.on)
    # The last of February of a leap year becomes that of another.
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return replace(row, on=last.replace(year=day.year + years).isoformat())
