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
TESTS = (
    "tests/records",
    "tests/web/test_unkept.py",
    "tests/web/test_task_pages.py",
    "tests/web/test_people_pages.py",
    "tests/web/test_sign_in.py",
)


def test_stores_and_forms_work_on_postgresql(tmp_path: Path) -> None:
    try:
        programmes()
    except NoServer as lack:
        pytest.skip(str(lack))
    with server("fsync=off", "synchronous_commit=off") as address:
        told = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS],
            cwd=ROOT,
            env=os.environ | {"SHUANGKONG_DATABASE": address, "SHUANGKONG_VAR": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert int(re.findall(r"(\d+) passed", told.stdout)[-1]) > 100
