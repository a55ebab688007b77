"""PLN-001, PLN-004: the regions against their total row; 其中 rows are no parts, a footnote asks for an explanation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from constructed import LABEL, Sheet, codes, context_of, found

from shuangkong.core.finding import Severity
from shuangkong.plans.audit.grid import parts
from shuangkong.plans.reading import Kind

COLUMN = ("2020年排放量（吨）", "base", "吨", Kind.CAP_TOTAL, 2020, "化学需氧量排放总量")


def sheet(*rows: tuple[str, str], note: str = "") -> Sheet:
    return Sheet("化学需氧量排放量", (LABEL, COLUMN), rows, (note,) if note else ())


def test_a_total_contradicted_by_its_column_must_be_fixed_or_under_a_footnote_explained() -> None:
    rows = (("东河县", "1000"), ("西岭县", "800"), ("合计", "1900"))
    (hit,) = found(context_of(sheets=[sheet(*rows)]), "PLN-001", "PLN-004")
    assert (hit.code, hit.severity) == ("PLN-001", Severity.MUST_FIX)
    (hit,) = found(context_of(sheets=[sheet(*rows, note="注：不含县直企业。")]), "PLN-001", "PLN-004")
    assert (hit.code, hit.severity) == ("PLN-004", Severity.MUST_EXPLAIN)
    assert "县直企业" in hit.message.zh
    assert "1000 + 800 = 1800" in (hit.ground.zh if hit.ground else "")
    right = sheet(("东河县", "1000"), ("西岭县", "900"), ("合计", "1900"), note="注：不含县直企业。")
    assert not {"PLN-001", "PLN-004"} & codes(context_of(sheets=[right]))


def test_rows_of_which_are_no_parts() -> None:
    one = sheet(("东河县", "1000"), ("其中：经开区", "300"), ("西岭县", "800"), ("合计", "1800"))
    context = context_of(sheets=[one])
    assert [row.label for row in parts(context.reading.tables[0])] == ["东河县", "西岭县"]
    assert "PLN-001" not in codes(context)
    lacking = sheet(("东河县", "1000"), ("其中：经开区", "300"), ("西岭县", "800"), ("合计", "2100"))
    assert "PLN-001" in codes(context_of(sheets=[lacking]))


@pytest.mark.parametrize(
    "rows",
    [
        (("东河县", "1000"), ("西岭县", "800"), ("合计", "900")),
        (("城区", "1800"), ("东河县", "1000"), ("西岭县", "800"), ("合计", "1800")),
        (("东河县", "1000.4"), ("西岭县", "800.4"), ("合计", "1801")),
        (("东河县", "1000"), ("西岭县", "—"), ("合计", "1900")),
    ],
    ids=("mean", "subtotal", "rounding", "unprinted"),
)
def test_lawful_columns_whose_rows_are_not_the_total(rows: tuple[tuple[str, str], ...]) -> None:
    assert "PLN-001" not in codes(context_of(sheets=[sheet(*rows)]))


def test_rows_in_groups_and_rates_are_not_added_up() -> None:
    rows = sheet(("东河县", "1000"), ("西岭县", "800"), ("合计", "1900"))
    assert "PLN-001" not in codes(context_of(sheets=[replace(rows, groups={"西岭县": "山区"})]))
    rate = ("下降率（%）", "change", "%", Kind.REDUCTION_RATE, None, "化学需氧量排放总量下降率")
    assert "PLN-001" not in codes(context_of(sheets=[replace(rows, columns=(LABEL, rate))]))
