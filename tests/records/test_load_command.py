"""`shuangkong load`: what a person sees and what the shell gets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shuangkong.cli import main
from shuangkong.core.fact import Subject
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.indicators import keeping_up
from shuangkong.records.indicators.looking import vintages

HEAD = "指标,对象,时期,数值,单位,口径,状态\n"
GOOD = HEAD + "能耗强度,澄湖县,2023,-2.88,%,比上年变化,最终\n"
BAD = GOOD + "能耗强度,青石镇,2023,不知道,%,比上年变化,最终\n"


@pytest.mark.usefixtures("regions")
def test_a_trial_then_the_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert main(["load", str(file), "--source", "年报", "--dry-run"]) == 0
    assert "新增 1" in capsys.readouterr().out
    assert Observation.objects.count() == 0
    assert main(["load", str(file), "--source", "年报", "--by", "clerk"]) == 0
    kept = Observation.objects.get()
    assert (kept.source.text, kept.load.loaded_by, str(kept.value)) == ("年报", "clerk", "-2.88")


@pytest.mark.usefixtures("regions")
def test_refused_rows_are_told_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.csv"
    file.write_text(BAD, encoding="utf-8")
    assert main(["load", str(file), "--source", "年报"]) == 1
    told = capsys.readouterr()
    assert "TGT-106 第 3 行" in told.err
    assert "Row 3" in told.err
    assert "全部未写入" in told.out
    assert Observation.objects.count() == 0


@pytest.mark.django_db
def test_a_load_without_source_or_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", str(tmp_path / "t.csv")]) == 2
    assert main(["load", str(tmp_path / "t.csv"), "--source", "年报"]) == 2
    told = capsys.readouterr().err
    assert "打不开" in told
    assert "t.csv" in told


@pytest.mark.django_db
def test_the_form_can_be_loaded_once_filled(tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    assert main(["load", str(file), "--template"]) == 0
    assert read_sheet(file.read_bytes(), "form.xlsx").rows[0][:4] == ("指标", "对象", "时期", "数值")


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize("words", [["t.parquet"], ["t.csv", "--sdmx"], ["t.csv"], ["t.xlsx"]])
def test_what_is_written_out_loads_as_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    file = tmp_path / "first.csv"
    file.write_text(GOOD, encoding="utf-8")
    main(["load", str(file), "--source", "年报"])
    target = tmp_path / words[0]
    assert main(["load", str(target), "--out", *words[1:]]) == 0
    assert "已写出 1 个数" in capsys.readouterr().out
    assert main(["load", str(target)]) == 0
    assert "新增 0，有变 0，相同 1，不收 0" in capsys.readouterr().out


@pytest.mark.usefixtures("regions")
def test_a_large_file_tells_of_refused_rows_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuangkong.cli.load._MOST_BYTES_IN_ROWS", 10)
    file = tmp_path / "t.csv"
    file.write_text(BAD, encoding="utf-8")
    assert main(["load", str(file), "--source", "年报"]) == 1
    told = capsys.readouterr()
    assert "TGT-106 第 3 行" in told.err
    assert told.out.startswith("新增 1，有变 0，相同 0，不收 1。有行不收，全部未写入")


@pytest.mark.usefixtures("regions")
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.parquet"
    file.write_bytes(b"no")
    assert main(["load", str(file)]) == 2
    assert "FCT-110" in capsys.readouterr().err
    assert main(["load", str(tmp_path / "t.doc"), "--out"]) == 2
    assert "FCT-402" in capsys.readouterr().err


@pytest.mark.usefixtures("regions")
def test_a_small_load_brings_results_up_to_date_and_a_large_one_says_who_will(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    file = tmp_path / "t.csv"
    rows = "能源消费总量,澄湖县,2023,{},万吨标准煤,,最终\ngdp_constant,澄湖县,2023,10,亿元,,最终\n"
    file.write_text(HEAD + rows.format(5), encoding="utf-8")
    assert main(["load", str(file), "--source", "年报"]) == 0
    assert "核算结果已更新" in capsys.readouterr().out
    county = Subject("region", "999901")
    assert [row.value for row in vintages("energy_intensity", county)] == [Decimal("0.00005")]
    monkeypatch.setattr(keeping_up, "MOST_AT_ONCE", 0)
    settings.VAR = tmp_path
    file.write_text(HEAD + rows.format(6), encoding="utf-8")
    assert main(["load", str(file), "--source", "年报"]) == 0
    assert "待更新" in capsys.readouterr().out
    assert Load.objects.filter(computed__isnull=True).exists()
    assert main(["tick"]) == 0
    assert [row.value for row in vintages("energy_intensity", county)] == [Decimal("0.00005"), Decimal("0.00006")]
    assert not Load.objects.filter(computed__isnull=True).exists()
