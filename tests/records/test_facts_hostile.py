"""The doors of facts, fed with what nobody should send: a word for every row or for the file, and all or nothing in.

A few hundred files with the other tests; with `make soak` a hundred thousand and more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from damaging import FORMS, ROWS, cells, content, damaged
from django.db import transaction

from actors import CLERK
from shuangkong.cli import main
from shuangkong.papers.tables import SheetRefused, read_sheet
from shuangkong.records.facts import store
from shuangkong.records.facts.bulk import load_batches
from shuangkong.records.facts.doors import batches, digest_of
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.rows import BulkReport, LoadReport
from shuangkong.records.journal import store as journal
from shuangkong.records.refusal import Refused

FEW, MANY = 40, 20_000

pytestmark = pytest.mark.usefixtures("regions")


def in_rows(path: Path) -> LoadReport:
    sheet = read_sheet(path.read_bytes(), path.name)
    return store.load_rows(sheet.rows, name=path.name, digest=sheet.digest, source="年报", by=CLERK, is_dry_run=False)


def in_columns(path: Path) -> BulkReport:
    with batches(path) as rows:
        return load_batches(rows, name=path.name, digest=digest_of(path), source="年报", by=CLERK, is_dry_run=False)


def kept() -> tuple[int, int, int]:
    return Observation.objects.count(), Load.objects.count(), journal.head()[0]


def try_door(door: Callable[[Path], LoadReport | BulkReport], path: Path) -> None:
    """Loads the file, holds what must hold, and undoes it."""
    with transaction.atomic():
        before = kept()
        report = None
        with suppress(Refused, SheetRefused), transaction.atomic():
            report = door(path)
        if report is None:
            assert kept() == before
        else:
            _hold(report, before)
        transaction.set_rollback(True)


def _hold(report: LoadReport | BulkReport, before: tuple[int, int, int]) -> None:
    written = report.count("new") + report.count("changed")
    refused = [each for each in report.verdicts if each.verdict == "refused"]
    assert all(each.code and each.message.zh and each.message.en for each in refused)
    assert len(refused) == report.count("refused")
    if isinstance(report, LoadReport):
        assert len({each.row for each in report.verdicts}) == len(report.verdicts)
    if report.count("refused"):
        assert not report.is_written
    after = kept()
    assert after[0] - before[0] == (written if report.is_written else 0)
    assert (after[1] - before[1], after[2] - before[2]) == ((1, 1) if report.load is not None else (0, 0))


def doors(name: str) -> list[Callable[[Path], LoadReport | BulkReport]]:
    """Those that a file of this form comes through."""
    return {"t.xlsx": [in_rows], "t.csv": [in_rows, in_columns], "old.csv": [in_rows, in_columns]}.get(
        name, [in_columns]
    )


def attack(name: str, folder: Path, times: int) -> None:
    chance = Random(f"{name} {times}")
    for number in range(times):
        rows = cells(chance)
        file = content(name, rows)
        path = folder / name
        path.write_bytes(file if chance.random() < 0.4 else damaged(file, chance))
        for door in doors(name):
            try:
                try_door(door, path)
            except Exception as fault:
                fault.add_note(f"file {number} of {name}, through {door.__name__}: {path.read_bytes()[:2000]!r}")
                raise


@pytest.mark.parametrize("name", FORMS)
def test_whatever_comes_is_taken_whole_or_not_at_all(name: str, tmp_path: Path) -> None:
    attack(name, tmp_path, FEW)


@pytest.mark.soak
@pytest.mark.parametrize("name", FORMS)
def test_whatever_comes_for_long_is_taken_whole_or_not_at_all(name: str, tmp_path: Path) -> None:
    attack(name, tmp_path, MANY)


@pytest.mark.parametrize("name", FORMS)
def test_a_sound_file_goes_in(name: str, tmp_path: Path) -> None:
    """What is damaged elsewhere is sound to begin with: all its rows are new."""
    sound = [list(row) for row in ([*cells(Random(0), most=0)])][: len(ROWS) + 1]
    (tmp_path / name).write_bytes(content(name, sound))
    for door in doors(name):
        with transaction.atomic():
            report = door(tmp_path / name)
            assert (report.count("new"), report.is_written) == (len(ROWS), True), report.verdicts
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", FORMS)
def test_the_command_says_what_is_wrong(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a person types it: a code to the shell and a word to the person, whatever lies in the file."""
    chance = Random(name)
    for _ in range(FEW // 6):
        path = tmp_path / name
        path.write_bytes(damaged(content(name, cells(chance)), chance))
        before = kept()
        code = main(["load", str(path), "--source", "年报", "--dry-run"])
        told = capsys.readouterr()
        assert code in (0, 1, 2)
        assert kept() == before
        assert told.out or told.err
