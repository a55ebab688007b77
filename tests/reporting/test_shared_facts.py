"""The policy check: of a figure that two forms tell of the same, policy says which stands, in every layer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from folders import column, form_file, named, version, written

from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.reporting.forms.sharing import check_shared
from shuangkong.rulebook import open_rulebook

START, LATER = date(2024, 1, 1), date(2025, 7, 1)


def form(starts: date = START, subject: str = "region", **fact: object) -> dict[str, Any]:
    rows = [{"id": "coal", "name": named("煤"), "unit": "t"}]
    table = {"id": "energy", "name": named("能源"), "rows": rows, "columns": [column("used")]}
    facts = [{"address": "energy.coal.used", "indicator": "coal_used", **fact}]
    return form_file(version(starts, table, facts=facts)) | {"subject": subject}


def folder_of(root: Path, local: dict[str, Any] | None = None, **forms: dict[str, Any]) -> PolicyFolder:
    indicator = {
        "name": named("用煤"),
        "unit": "t",
        "in_time": "sum",
        "in_space": "sum",
        "direction": "lower_is_better",
    }
    indicator |= {"progress": "linear", "source": "some"}
    files: dict[str, Any] = {f"national/reporting/forms/{key}.yaml": each for key, each in forms.items()}
    files["national/indicators/coal_used.yaml"] = indicator
    if local is not None:
        files["some_province/layer.yaml"] = {
            "name": named("某省"), "level": "province", "region": "210000", "parent": "national",
        }  # fmt: skip
        files["some_province/reporting/forms/local.yaml"] = local
    return written(root, files)


def found(folder: PolicyFolder) -> list[tuple[str, str]]:
    return [(each.code, str(each.place).rpartition("/")[2].partition(":")[0]) for each in check_shared(folder)]


def of_region(form: dict[str, Any], **more: object) -> dict[str, Any]:
    """What units tell is of their region."""
    form["versions"][0]["facts"][0] |= {"subject": "region", **more}
    return form


def test_a_form_of_a_place_that_tells_what_the_nations_tells_says_which_stands(tmp_path: Path) -> None:
    silent = of_region(form(subject="unit"))
    assert found(folder_of(tmp_path / "silent", silent, some=form())) == [("POL-078", "local.yaml")]
    said = of_region(form(subject="unit"), after=["some"])
    assert found(folder_of(tmp_path / "said", said, some=form())) == []


def test_two_forms_of_the_nation_are_told_once_though_layers_have_them(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, of_region(form(LATER, subject="unit"), after=["one", "other"]), one=form(), other=form()
    )
    [told] = check_shared(folder)
    assert (told.code, "other" in told.message.zh) == ("POL-078", True)


def test_both_cannot_stand_after_the_other(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, one=form(after=["other"]), other=form(after=["one"]))
    assert [code for code, _ in found(folder)] == ["POL-078"]


def test_forms_that_never_hold_on_one_day_share_nothing(tmp_path: Path) -> None:
    one = form()
    one["versions"][0]["until"] = date(2025, 6, 30)
    assert found(folder_of(tmp_path / "apart", one=one, other=form(LATER))) == []
    assert found(folder_of(tmp_path / "together", one=form(), other=form(LATER))) != []


def test_of_one_reporter_one_form_tells_a_figure(tmp_path: Path) -> None:
    one, other = form(subject="unit"), form(subject="unit")
    assert found(folder_of(tmp_path / "both", one=one, other=other)) == [("POL-079", "one.yaml")]
    growth = form(subject="unit", measure="growth_pct")
    assert found(folder_of(tmp_path / "measures", one=one, other=growth)) == []
    apart = [each | {"scopes": [scope]} for each, scope in ((one, "grid_supplier"), (other, "coal_dealer"))]
    assert found(folder_of(tmp_path / "scopes", one=apart[0], other=apart[1])) == []


def test_nothing_of_the_policy_as_it_stands() -> None:
    assert list(check_shared(open_rulebook().folder)) == []
