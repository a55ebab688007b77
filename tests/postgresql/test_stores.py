"""Stores and forms keep their word on PostgreSQL too: their own tests run once more, against a server started here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.postgresql import NoServer, programmes, server

ROOT = Path(__file__).resolve().parents[2]
#: Journal, access, tasks, cascade, registry, review and facts; and forms, with what no database keeps.
ALL = (
    "tests/records",
    "tests/web/test_unkept.py",
    "tests/web/test_task_pages.py",
    "tests/web/test_people_pages.py",
    "tests/web/test_sign_in.py",
)
#: What no database answers otherwise than another, by the reason; `make soak` asks it of both all the same.
ALIKE = {
    "tests/records/test_facts_migration.py": "makes a database file of its own, SQLite whatever is asked for",
    "tests/records/test_facts_hostile.py": "files that are refused before a row is written",
    "tests/records/monitoring/test_simulated_roster.py": "asks by the gateway's door, which closes its connection",
    "tests/records/test_layered_law.py": "which law a figure is computed by; its rows are those of test_computed.py",
}
#: Of the forms: signs and lengths that a column refuses; rows that are held, sorted, counted and told apart by it.
FORMS = (
    "tests/web/test_unkept.py::test_a_nul_sign_is_refused_at_every_address",
    "tests/web/test_unkept.py::test_a_long_text_is_refused_with_its_length",
    "tests/web/test_unkept.py::test_a_day_far_from_any_plan_is_no_fault[9999-12-31]",
    "tests/web/test_task_pages.py::test_the_list_sorts_filters_and_leaves_as_a_workbook",
    "tests/web/test_task_pages.py::test_evidence_leaves_as_a_file_and_only_to_whom_may_see_the_task",
    "tests/web/test_task_pages.py::test_an_owner_is_named_and_replaced_with_a_reason",
    "tests/web/test_task_pages.py::test_a_meeting_turns_what_it_decides_into_tasks",
    "tests/web/test_task_pages.py::test_a_matter_waits_until_the_leading_group_acknowledges_it",
    "tests/web/test_people_pages.py::test_a_person_is_made_appointed_and_withdrawn_through_the_pages",
    "tests/web/test_people_pages.py::test_the_list_of_persons_costs_the_same_for_any_number",
    "tests/web/test_people_pages.py::test_blanks_and_wide_letters_are_no_other_key",
    "tests/web/test_sign_in.py::test_the_count_is_in_the_database_and_no_name_is",
    "tests/web/test_sign_in.py::test_a_flood_writes_one_row_a_window",
    "tests/web/test_sign_in.py::test_the_second_factor_is_asked_and_each_code_taken_once",
    "tests/web/test_sign_in.py::test_five_browsers_and_no_more",
    "tests/web/test_situation_pages.py::test_a_bulletin_is_signed_off_by_another_and_then_stands_for_ever",
)


def test_stores_and_forms_work_on_postgresql(tmp_path: Path) -> None:
    """Every store with all its tests but those that are alike; of the forms what the database decides."""
    _pass(tmp_path, "tests/records", *(f"--ignore={path}" for path in ALIKE), *FORMS)


@pytest.mark.soak
def test_everything_works_on_postgresql(tmp_path: Path) -> None:
    _pass(tmp_path, *ALL)


def _pass(folder: Path, *asked: str) -> None:
    try:
        programmes()
    except NoServer as lack:
        pytest.skip(str(lack))
    with server("fsync=off", "synchronous_commit=off") as address:
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *asked],
            cwd=ROOT,
            env=os.environ | {"SHUANGKONG_DATABASE": address, "SHUANGKONG_VAR": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert int(re.findall(r"(\d+) passed", told.stdout)[-1]) > 300
