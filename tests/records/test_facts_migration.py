"""Figures told before there was one model of facts are all there after it, word for word, and cannot be changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BEFORE = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "facts", "0001", verbosity=0)
load = "INSERT INTO facts_load VALUES (7, 'a.csv', 'd', 's', 2, 1, 0, '2024-03-01 02:00:00', 'clerk')"
row = (
    "INSERT INTO facts_observation VALUES (%s, %s, %s, %s, %s, %s, 'level', %s, %s, '吨', 'final', '年报', %s, %s,"
    " '2024-03-01 02:00:00', 'clerk', %s, %s)"
)
with connection.cursor() as cursor:
    cursor.execute(load)
    for each in (
        (1, 'cod_total', 'region', '999901', '甲县', '2023', 'value', '1100.0', '', True, 7, None),
        (2, 'cod_total', 'region', '999901', '甲县', '2023', 'value', '1090', '核减', True, 7, 1),
        (3, 'cod_total@城镇', 'region', '999901/园区', '园区', '2023-Q3', 'missing', None, '', False, None, None),
    ):
        cursor.execute(row, each)
call_command("migrate", verbosity=0)
"""
AFTER = """
from django.db import DatabaseError
from shuangkong.records.facts import store
from shuangkong.records.facts.models import Load, Observation
told = [("cod_total", "999901"), ("cod_total@城镇", "999901/园区")]
for row in (row for indicator, code in told for row in store.versions(indicator, "region", code)):
    print(row.period, row.state, row.value, row.unit, row.maturity, row.origin, row.evidence, row.source, row.note,
          row.subject_name, row.is_demo, row.recorded_by, row.recorded_at.isoformat(), row.supersedes, sep="|")
print([each.value for each in store.observations(["cod_total"], [("region", "999901")])])
for model in (Observation, Load):
    for act in ("UPDATE {} SET id = id", "DELETE FROM {}"):
        try:
            connection.cursor().execute(act.format(model._meta.db_table))
        except DatabaseError as fault:
            print(fault)
"""


def test_every_figure_is_taken_over(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SHUANGKONG_DATABASE"}
    environment |= {"SHUANGKONG_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}
    told = subprocess.run(
        [sys.executable, "-c", BEFORE + AFTER], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    at = "clerk|2024-03-01T02:00:00+00:00"
    assert told.stdout.splitlines() == [
        f"2023|value|1100.0|吨|final|reported|statistical|年报||甲县|True|{at}|None",
        f"2023|value|1090|吨|final|reported|statistical|年报|核减|甲县|True|{at}|1",
        f"2023-Q3|missing|None|吨|final|reported|statistical|年报||园区|False|{at}|None",
        "[Decimal('1090')]",
        *["facts are append-only"] * 4,
    ]
