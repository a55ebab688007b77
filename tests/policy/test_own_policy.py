"""The project's own policy folder: it passes its check, its pages are fresh, names are glossary words."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuangkong.cli import main
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.glossary import read_glossary
from shuangkong.policyfile.refusal import REFUSALS
from shuangkong.rulebook import check_policy, policy_root

FOLDER = PolicyFolder(policy_root())
SOURCE = Path(__file__).resolve().parents[2] / "src" / "shuangkong"
#: Folders that a framework names.
FRAMEWORK = {"migrations", "templates", "static", "locale", "management", "commands", "templatetags", "__pycache__"}


def test_check_finds_nothing() -> None:
    assert [f"{finding.place} {finding.message.zh}" for finding in check_policy(FOLDER)] == []


def test_nothing_claims_to_be_verified_without_a_signature() -> None:
    """POL-029 sees to it; this asks the folder itself, so that the check cannot be emptied unseen."""
    for name in FOLDER.names:
        text = (FOLDER.root / name).read_text(encoding="utf-8")
        assert "verified: true" not in text or "checked:" in text, name


def package_folders() -> Iterator[Path]:
    for folder in sorted(SOURCE.rglob("*")):
        parts = folder.relative_to(SOURCE).parts
        if folder.is_dir() and not FRAMEWORK & set(parts) and any(folder.glob("*.py")):
            yield folder


def test_folders_of_the_code_are_glossary_words() -> None:
    glossary = read_glossary(FOLDER)
    unknown = {
        str(folder.relative_to(SOURCE)): words
        for folder in package_folders()
        if (words := glossary.unknown_in(folder.name))
    }
    assert unknown == {}


def test_models_are_glossary_words() -> None:
    glossary = read_glossary(FOLDER)
    unknown = {
        f"{file.relative_to(SOURCE)}: {node.name}": words
        for file in sorted((SOURCE / "records").glob("*/models.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and (words := glossary.unknown_in(node.name))
    }
    assert unknown == {}


def test_all_terms_and_rooms_are_entered() -> None:
    terms = read_glossary(FOLDER).terms
    assert sum(term.section == "field" for term in terms) == 70
    rooms = [code for term in terms if term.section == "room" for code in term.codes]
    assert len(rooms) == 13
    assert {"plans", "indicators", "targets", "assessment", "portal"} <= set(rooms)


def test_names_of_both_kinds_are_split_into_words() -> None:
    glossary = read_glossary(FOLDER)
    assert glossary.unknown_in("energy_intensity") == ()
    assert glossary.unknown_in("EnergyIntensity") == ()
    assert glossary.unknown_in("targets") == ()
    assert glossary.unknown_in("energy_blurb") == ("blurb",)
    assert glossary.unknown_in("EnergyBlurb") == ("blurb",)
    assert glossary.unknown_in("energyx") == ("energyx",)


def test_refusals_speak_both_languages() -> None:
    for code, (zh, en) in REFUSALS.items():
        assert zh.endswith("。"), code
        assert en.endswith("."), code
    assert sorted(REFUSALS) == [f"POL-{number:03}" for number in range(1, len(REFUSALS) + 1)]


def test_check_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check"]) == 0
    assert "0 处问题" in capsys.readouterr().out
    assert main(["policy", "check", "--english"]) == 0
    assert "0 findings" in capsys.readouterr().out
    assert main(["policy", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_check_command_on_a_broken_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "units.yaml").write_text("units: {a: 1}\n", encoding="utf-8")
    assert main(["policy", "check", "--policy", str(tmp_path), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    found = {(row["code"], row["place"]) for row in rows}
    assert found == {("POL-010", f"{tmp_path.name}/units.yaml:1"), ("POL-033", f"{tmp_path.name}/glossary.yaml:1")} | {
        ("POL-018", f"{tmp_path.name}/units.yaml:1")
    }
    assert main(["policy", "check", "--policy", str(tmp_path / "nowhere")]) == 2


def test_find_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "find", "能耗强度", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    place = next(hit["place"] for hit in hits if hit["path"] == "aliases.0")
    file, line = place.split(":")
    assert "能耗强度" in (FOLDER.root.parent / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert main(["policy", "find", "辽中县"]) == 0
    assert "policy/national/codes/regions.csv:" in capsys.readouterr().out
    assert main(["policy", "find", "没有这个词的", "--english"]) == 0
    assert "No policy file mentions" in capsys.readouterr().out


def test_stale_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "stale", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    due = next(row for row in rows if row["id"] == "targets/due_share")
    assert (due["reason"], due["layer"], due["source"]) == ("unverified", "national", "energy-progress-rules")
    signed = tmp_path / "national" / "targets"
    signed.mkdir(parents=True)
    (tmp_path / "units.yaml").write_text("", encoding="utf-8")
    (signed / "limit.yaml").write_text(
        "name:\n  zh: 限值\n  en: Limit\nunit: pct\nvalues:\n  - from: 2011-01-01\n    value: 1\n    source: s\n"
        "verified: true\nchecked:\n  day: 2024-05-01\n  by: 虚构办公室\n",
        encoding="utf-8",
    )
    for day, reasons in (("2025-05-01", []), ("2025-05-02", ["check_is_old"])):
        assert main(["policy", "stale", "--policy", str(tmp_path), "--on", day, "--json"]) == 0
        assert [row["reason"] for row in json.loads(capsys.readouterr().out)] == reasons


def test_docs_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--check", "--into", str(tmp_path)]) == 1
    assert not list(tmp_path.iterdir())
    assert main(["docs", "--into", str(tmp_path)]) == 0
    assert main(["docs", "--check", "--into", str(tmp_path)]) == 0
    page = tmp_path / "GLOSSARY.md"
    assert "| 能耗强度、单位GDP能耗 |" in page.read_text(encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8") + "手改\n", encoding="utf-8")
    assert main(["docs", "--check", "--into", str(tmp_path)]) == 1
    assert "GLOSSARY.md：已过期" in capsys.readouterr().out


def test_generated_pages_are_fresh() -> None:
    assert main(["docs", "--check"]) == 0
