"""Files in columns: they say what the same file says row by row, whole or not at all, and come out as they went in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors import CLERK
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts import store
from shuangkong.records.facts.bulk import load_batches
from shuangkong.records.facts.doors import batches, digest_of
from shuangkong.records.facts.handing_out import Asked, FactsForm, file_of, told_frame
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import BulkReport, LoadReport
from shuangkong.records.journal import store as journal
from shuangkong.records.refusal import Refused

HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来路", "性质", "对象类别", "来源", "备注"]
GOOD = ["化学需氧量排放总量", "青石镇", "2023", "1100", "吨", "", "最终", "", "", "", "", ""]

pytestmark = pytest.mark.usefixtures("regions")


def row(**more: str) -> list[str]:
    return [more.get(heading, cell) for heading, cell in zip(HEAD, GOOD, strict=True)]


def as_csv(folder: Path, rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "t.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def load(path: Path, *, is_dry_run: bool = False, source: str = "年报") -> BulkReport:
    with batches(path) as rows:
        return load_batches(
            rows, name=path.name, digest=digest_of(path), source=source, by=CLERK, is_dry_run=is_dry_run
        )


def row_by_row(rows: Sequence[Sequence[str]], source: str = "年报") -> LoadReport:
    return store.load_rows([HEAD, *rows], name="t", digest="", source=source, by=CLERK, is_dry_run=True)


CELLS = {
    "指标": ["化学需氧量排放总量", "能源消费总量", "cod_total", "不存在"],
    "对象": ["青石镇", "北坡乡", "999901", "月亮镇", "999901/C30", "17"],
    "时期": ["2023", "2023-C10", "2023-C06", "2021-2025", "2023-13", "２０２３年"],
    "数值": ["1100", "-0", "0.10", "007", "1,234.5", "1e3", "缺失", "不适用", "NaN", "一千", "", "12%"],
    "单位": ["吨", "万吨标准煤", "%", "公里"],
    "口径": ["", "当年量", "比上年变化", "别的"],
    "状态": ["最终", "快报", "audited", "大概", ""],
    "来路": ["", "反馈核定", "estimate", "谣传"],
    "性质": ["", "行政", "也许"],
    "对象类别": ["", "地区", "行业", "单位", "天体"],
    "来源": ["", "公报", "长" * 601],
    "备注": ["", '换行\n引号"逗号,'],
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*(st.sampled_from([cells[0], *cells]) for cells in CELLS.values())), max_size=12))
def test_columns_say_what_rows_say(rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    one, other = load(as_csv(tmp_path, rows), is_dry_run=True), row_by_row(rows)
    assert {word: one.count(word) for word in ("new", "changed", "same", "refused")} == {
        word: other.count(word) for word in ("new", "changed", "same", "refused")
    }
    said = [(each.row, each.code, each.message) for each in one.verdicts]
    assert said == [(each.row, each.code, each.message) for each in other.verdicts if each.verdict == "refused"]


def test_a_figure_told_in_columns_stands_as_one_told_in_a_row(tmp_path: Path) -> None:
    values = ["1100.0", "-0.50", "1,234.5", "缺失", "不适用", "不公布", "0"]
    rows = [row(数值=value, 时期=str(2001 + n), 备注='换行\n引号"') for n, value in enumerate(values)]
    assert load(as_csv(tmp_path, rows)).count("new") == len(values)
    in_columns = store.versions("cod_total", "region", "999901003")
    assert [str(each.value) for each in in_columns] == ["1100.0", "-0.50", "1234.5", "None", "None", "None", "0"]
    assert {(each.note, each.source, each.recorded_by) for each in in_columns} == {('换行\n引号"', "年报", "clerk")}
    assert {verdict.verdict for verdict in row_by_row(rows).verdicts} == {"same"}


def test_a_file_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    path = as_csv(tmp_path, [row(), row(时期="2022"), row(数值="一千", 时期="2021")])
    report = load(path)
    assert (report.count("new"), report.count("refused"), report.is_written) == (2, 1, False)
    assert (report.verdicts[0].row, report.verdicts[0].code) == (4, "TGT-106")
    for model in (Observation, Load, Word):
        assert not model.objects.exists()
    assert journal.head()[0] == 0


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    report = load(as_csv(tmp_path, [row()]), is_dry_run=True)
    assert (report.count("new"), report.is_written, report.load) == (1, False, None)
    assert not Word.objects.exists()


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    load(as_csv(tmp_path, [row(), row(时期="2022")]))
    again = load(as_csv(tmp_path, [row(数值="1100.00"), row(时期="2022", 数值="9"), row(时期="2021")]))
    assert again.counts == {"same": 1, "changed": 1, "new": 1}
    known = Load.objects.get(pk=again.load)
    assert (known.rows_same, known.rows_changed, known.rows_new) == (1, 1, 1)
    assert known.observations.count() == 2
    assert journal.of_subject(f"load/{again.load}")[0].act == "actual.load"


def test_the_number_given_to_a_load_is_that_of_no_other(tmp_path: Path) -> None:
    numbers = [load(as_csv(tmp_path, [row(时期=str(2001 + n))])).load for n in range(2)]
    report = store.load_rows([HEAD, row()], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert len({*numbers, report.load}) == 3


def test_a_figure_is_told_once_a_file_even_far_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuangkong.records.facts.doors.BATCH", 2)
    rows = [row(时期=str(2001 + n)) for n in range(7)]
    report = load(as_csv(tmp_path, [*rows, row(时期="2001")]))
    assert [(each.row, each.code) for each in report.verdicts] == [(9, "TGT-109")]
    assert "第 2 行已有" in report.verdicts[0].message.zh
    assert load(as_csv(tmp_path, rows)).count("new") == 7


def test_files_of_older_programmes_are_read(tmp_path: Path) -> None:
    assert load(as_csv(tmp_path, [row()], encoding="gb18030")).count("new") == 1
    assert load(as_csv(tmp_path, [row()], encoding="utf-8-sig")).count("same") == 1


def test_what_is_no_table_is_refused_with_words(tmp_path: Path) -> None:
    broken = tmp_path / "t.parquet"
    broken.write_bytes(b"PAR1 no")
    with pytest.raises(Refused, match="FCT-110"):
        load(broken)
    report = load(as_csv(tmp_path, [row()], head=["甲", *HEAD[1:]]))
    assert [(each.row, each.code, report.is_written) for each in report.verdicts] == [(1, "TGT-100", False)]


def told() -> pl.DataFrame:
    return told_frame(Asked(), CLERK)


@pytest.mark.parametrize(
    ("form", "name"), [("csv", "t.csv"), ("sdmx", "t.csv"), ("parquet", "t.parquet"), ("xlsx", "t.xlsx")]
)
def test_what_goes_out_comes_in_as_the_same(tmp_path: Path, form: FactsForm, name: str) -> None:
    rows = [
        *(row(数值=value, 时期=period) for value, period in zip(
            ["1100.0", "缺失", "不适用", "不公布", "0", "3", "4", "5"],
            ["2023", "2022", "2023-C10", "2021-2025", "2023-Q3", "2023-H2", "2023-07", "2023-C05"], strict=True,
        )),
        row(来路="本级测算", 状态="快报", 数值="7", 性质="行政", 备注="=引号\"，\n换行"),
        row(指标="能耗强度", 口径="比上年变化", 单位="%", 数值="-3.1", 对象="999901", 来源="公报"),
    ]  # fmt: skip
    assert load(as_csv(tmp_path, rows)).count("new") == len(rows)
    before = told_frame(Asked(every=True), CLERK)
    path = tmp_path / name
    path.write_bytes(file_of(before, form))
    if form == "xlsx":
        sheet = read_sheet(path.read_bytes(), name)
        report = store.load_rows(sheet.rows, name=name, digest="", source="别的", by=CLERK, is_dry_run=False)
        assert report.count("same") == len(report.verdicts) == len(rows)
    else:
        assert load(path, source="别的").counts == {"same": len(rows)}
    assert told_frame(Asked(every=True), CLERK).equals(before)


def test_an_sdmx_file_has_the_columns_of_the_format(tmp_path: Path) -> None:
    load(as_csv(tmp_path, [row(), row(时期="2023-C10", 数值="缺失"), row(时期="2021-2025", 来路="本级测算")]))
    frame = pl.read_csv(BytesIO(file_of(told(), "sdmx")), infer_schema=False)
    assert frame.columns[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {"TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"} <= set(frame.columns)
    said = dict(zip(frame["TIME_PERIOD"], zip(frame["OBS_VALUE"], frame["OBS_STATUS"], strict=True), strict=True))
    assert said == {"2023": ("1100", "A"), "2023-01-01/P10M": ("", "L"), "2021-01-01/P5Y": ("1100", "E")}


FOREIGN = """DATAFLOW,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE{more}
NBS:X(1.0),999901,cod_total,2023,12,A,t{told}
NBS:X(1.0),999901,cod_total,2023-S1,5,P,t{told}
NBS:X(1.0),999901,cod_total,2023-M07,1,E,t{told}
NBS:X(1.0),999901,cod_total,2022,,L,t{told}
NBS:X(1.0),999901,cod_total,2021,NaN,M,t{told}
"""


def test_a_file_of_another_office_is_understood_by_its_status(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(FOREIGN.format(more="", told=""), encoding="utf-8")
    assert load(path).count("new") == 5
    found = told_frame(Asked(), CLERK).select("period", "value", "maturity", "origin").rows()
    assert sorted(found) == [
        ("2021", "not_applicable", "final", "reported"),
        ("2022", "missing", "final", "reported"),
        ("2023", "12", "final", "reported"),
        ("2023-07", "1", "final", "estimate"),
        ("2023-H1", "5", "preliminary", "reported"),
    ]


@pytest.mark.parametrize(("more", "told"), [(",UNIT_MULT", ",6"), (",ACTION", ",D")])
def test_a_row_that_multiplies_or_deletes_is_refused(tmp_path: Path, more: str, told: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(FOREIGN.format(more=more, told=told), encoding="utf-8")
    report = load(path)
    assert {each.code for each in report.verdicts} == {"TGT-106"}
    assert more.strip(",") in report.verdicts[0].found
