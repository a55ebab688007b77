"""A refusal has a code and both languages, as a sentence for a person and as JSON for a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shuangkong.cli import main

PDF = b"%PDF-1.4\nnothing that a PDF would hold"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.pdf"
    path.write_bytes(PDF)
    return path


@pytest.mark.parametrize("verb", ["read", "audit"])
def test_a_person_is_told_the_code_in_both_languages(
    verb: str, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", verb, str(broken)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("PLN-907 “broken.pdf”损坏")
    assert "is broken or cut off" in said.err
    assert "PDFium" not in said.err
    assert "。。" not in said.err
    assert ".." not in said.err.replace("...", "")


def test_english_alone_where_asked_for(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "read", "--english", str(broken)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("PLN-907 “broken.pdf” is broken")
    assert "损坏" not in said


@pytest.mark.parametrize(("name", "code"), [("broken.pdf", "PLN-907"), ("none.docx", "CLI-003"), (".", "CLI-003")])
def test_a_program_is_told_in_json(name: str, code: str, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "read", "--json", str(broken.parent / name)]) == 2
    said = capsys.readouterr()
    assert said.err == ""
    refused = json.loads(said.out)["refused"]
    assert refused["code"] == code
    assert refused["message"]["zh"]
    assert refused["message"]["en"]


@pytest.mark.parametrize(
    "words",
    [["plan", "read", "none.txt"], ["load", "none.csv"], ["load", "--template", "no-folder/form.xlsx"]],
)
def test_a_file_that_is_not_there(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"CLI-003 打不开“{words[-1]}”")
    assert "Errno" not in said


@pytest.mark.parametrize("words", [["policy", "check"], ["policy", "find", "能耗"], ["docs", "--check"]])
def test_no_policy_folder(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--policy", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("CLI-005 ")


def test_no_policy_for_a_plan(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHUANGKONG_POLICY", str(broken.parent))
    assert main(["plan", "read", str(broken)]) == 2
    assert capsys.readouterr().err.startswith("CLI-005 ")


def test_found_texts_stand_on_one_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "find", "--json", "的"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert any("\n" in hit["text"].strip() for hit in hits), "this shows nothing: no text has several lines"
    assert main(["policy", "find", "的"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(hits)
    assert all(line.startswith(hit["place"]) for line, hit in zip(lines, hits, strict=True))
