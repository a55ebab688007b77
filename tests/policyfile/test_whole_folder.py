"""The whole folder: each thing that can be wrong between files is found, with file and line, and nothing else is."""

from __future__ import annotations

import pytest

from shuangkong.policyfile.whole import check_whole

from .conftest import FILES, MakeFolder

COAL = "national/indicators/coal_share.yaml"
LIMIT = "national/targets/limit.yaml"
LIMIT_CASES = "national/targets/limit.cases.yaml"
REGIONS = "national/codes/regions.csv"
REGION_CASES = "national/codes/regions.cases.yaml"
KOHLE = "national/indicators/kohle_share.yaml"
CITY_LAYER = "yunshan/layer.yaml"
CITY_TEXT = 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n'
CITY: dict[str, str | None] = {CITY_LAYER: CITY_TEXT}


def with_text(name: str, old: str, new: str) -> dict[str, str | None]:
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}


#: (what is changed, code, file and line at which it must be found)
FAULTS: list[tuple[dict[str, str | None], str, str]] = [
    (with_text(COAL, "direction:", "directoin:"), "POL-003", f"{COAL}:7"),
    (with_text(COAL, "direction:", "directoin:"), "POL-004", f"{COAL}:1"),
    (with_text(LIMIT, "  - from: 2016-01-01\n    value", "  - value"), "POL-004", f"{LIMIT}:10"),
    (with_text(LIMIT, "unit: pct\n", ""), "POL-004", f"{LIMIT}:1"),
    (with_text(LIMIT, "    source: invented\n    at", "    at"), "POL-004", f"{LIMIT}:10"),
    (with_text(LIMIT, "10.5", "十"), "POL-018", f"{LIMIT}:11"),
    (with_text(LIMIT, "verified: false", 'verified: "no"'), "POL-018", f"{LIMIT}:14"),
    (with_text(LIMIT, "2016-01-01", '"2016"'), "POL-018", f"{LIMIT}:10"),
    (with_text(COAL, "lower_is_better", "down"), "POL-018", f"{COAL}:7"),
    (with_text(COAL, "  zh: 煤炭比重", '  zh: " "'), "POL-018", f"{COAL}:2"),
    ({"national/weather/coal.yaml": "a: 1\n"}, "POL-020", "national/weather/coal.yaml:1"),
    (with_text(COAL, "source: invented", "source: invented-2"), "POL-021", f"{COAL}:9"),
    (with_text(COAL, "unit: pct", "unit: pc"), "POL-022", f"{COAL}:6"),
    (with_text(LIMIT, "2015-12-31", "2016-01-01"), "POL-023", f"{LIMIT}:10"),
    (with_text(LIMIT, "    until: 2015-12-31\n", ""), "POL-023", f"{LIMIT}:9"),
    (with_text(LIMIT, "2015-12-31", "2010-12-31"), "POL-024", f"{LIMIT}:6"),
    ({KOHLE: FILES[COAL]}, "POL-025", f"{KOHLE}:1"),
    (with_text("units.yaml", '"‰"', '"%"'), "POL-026", "units.yaml:10"),
    (with_text(COAL, "煤炭占比", "煤炭比重"), "POL-026", f"{COAL}:5"),
    ({"national/indicators/coal_total.yaml": FILES[COAL]}, "POL-026", "national/indicators/coal_total.yaml:2"),
    (CITY | {"yunshan/targets/limit.yaml": FILES[LIMIT]}, "POL-027", "yunshan/targets/limit.yaml:1"),
    (with_text(LIMIT, "unit:", "overrides: national\nunit:"), "POL-028", f"{LIMIT}:4"),
    (with_text(LIMIT, "verified: false", "verified: true"), "POL-029", f"{LIMIT}:14"),
    (with_text("units.cases.yaml", "2.5", "0.25"), "POL-030", "units.cases.yaml:1"),
    (with_text(LIMIT_CASES, "2016-01-01", "2010-01-01"), "POL-030", f"{LIMIT_CASES}:4"),
    (with_text(REGION_CASES, "清溪县", "清溪区"), "POL-030", f"{REGION_CASES}:1"),
    ({REGIONS: None}, "POL-031", "national/codes/regions.yaml:4"),
    (with_text(REGIONS, "code,name,", "name,code,"), "POL-031", f"{REGIONS}:1"),
    (with_text(REGIONS, "990100,云山市,city,", "990100,云山市,"), "POL-031", f"{REGIONS}:3"),
    (with_text(REGIONS, "city,990000", "city,980000"), "POL-031", f"{REGIONS}:3"),
    (with_text(REGIONS, "990100,2017", "990100,2015"), "POL-031", f"{REGIONS}:5"),
    ({CITY_LAYER: CITY_TEXT.replace("national", "nation")}, "POL-032", f"{CITY_LAYER}:1"),
    ({CITY_LAYER: CITY_TEXT.replace("national", "yunshan")}, "POL-032", f"{CITY_LAYER}:1"),
    ({LIMIT_CASES: None}, "POL-034", f"{LIMIT}:1"),
]  # fmt: skip


def test_sound_folder_has_no_findings(make_folder: MakeFolder) -> None:
    assert check_whole(make_folder()) == ()


@pytest.mark.parametrize(("changes", "code", "place"), FAULTS)
def test_fault_is_found_at_its_line(
    make_folder: MakeFolder, changes: dict[str, str | None], code: str, place: str
) -> None:
    found = {(finding.code, finding.place) for finding in check_whole(make_folder(changes))}
    assert (code, f"policy/{place}") in found


def test_unknown_key_names_the_nearest(make_folder: MakeFolder) -> None:
    findings = check_whole(make_folder(with_text(COAL, "direction:", "directoin:")))
    unknown = next(finding for finding in findings if finding.code == "POL-003")
    assert "“direction”" in unknown.message.zh
    assert "“direction”" in unknown.message.en


def test_declared_override_is_accepted(make_folder: MakeFolder) -> None:
    text = FILES[LIMIT].replace("unit:", "overrides: national\nunit:")
    cases = FILES[LIMIT_CASES]
    changes = CITY | {"yunshan/targets/limit.yaml": text, "yunshan/targets/limit.cases.yaml": cases}
    assert check_whole(make_folder(changes)) == ()


def test_faults_of_several_files_are_gathered(make_folder: MakeFolder) -> None:
    changes = with_text(COAL, "unit: pct", "unit: pc") | with_text("units.cases.yaml", "2.5", "0.25")
    assert [finding.code for finding in check_whole(make_folder(changes))] == ["POL-022", "POL-030"]


def test_unreadable_units_do_not_stop_the_check(make_folder: MakeFolder) -> None:
    codes = {finding.code for finding in check_whole(make_folder({"units.yaml": "units: {a: 1}\n"}))}
    assert "POL-010" in codes


CATALOGUE = """- code: PLN-001
  severity: notice
  title:
    zh: 标题
    en: Title
  message:
    zh: 请看
    en: Look
"""
TRIPPING = """- name: 查得出
  text: 一
  trips:
    - PLN-001
"""


def test_a_check_that_no_case_trips_is_found(make_folder: MakeFolder) -> None:
    def untripped(cases: str | None) -> list[str]:
        files = {"national/plans/checks.yaml": CATALOGUE, "national/plans/checks.cases.yaml": cases}
        return [each.place for each in check_whole(make_folder(files)) if each.code == "POL-061"]

    assert untripped(TRIPPING.replace("trips", "passes")) == ["policy/national/plans/checks.yaml:1"]
    assert untripped(TRIPPING) == []
