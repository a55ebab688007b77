"""What a lower layer may only make stricter: on every day that both are in force, and by leaving out as by relaxing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shuangkong.policyfile.whole import check_whole
from shuangkong.rulebook import Rulebook

from .conftest import FILES, MakeFolder

LIMIT = FILES["national/targets/limit.yaml"]
#: 20 until the end of 2015, 10.5 from then on; may only be lower.
BOUND = LIMIT.replace("unit: pct\n", "unit: pct\nstricter: lower\n")
CITY = 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n'
HEAD = "name:\n  zh: 限值\n  en: Limit\noverrides: national\nunit: pct\nvalues:\n"


def value(starts: str, until: str, number: str) -> str:
    end = f"    until: {until}\n" if until else ""
    return f"  - from: {starts}\n{end}    value: {number}\n    source: invented\n"


def found(make_folder: MakeFolder, own: str, upper: str = BOUND, city: str = CITY) -> list[tuple[str, int]]:
    """(code, line) of what the city's limit trips."""
    changes: dict[str, str | None] = {
        "national/targets/limit.yaml": upper,
        "yunshan/layer.yaml": city,
        "yunshan/targets/limit.yaml": own + "verified: false\n",
        "yunshan/targets/limit.cases.yaml": "[]\n",
    }
    findings = check_whole(make_folder(changes))
    place = "policy/yunshan/targets/limit.yaml:"
    return [(each.code, int(each.place.removeprefix(place))) for each in findings if each.place.startswith(place)]


OLD, NEW = value("2011-01-01", "2015-12-31", "20"), value("2016-01-01", "", "10.5")
SOUND = [
    HEAD + OLD + NEW,  # the same is not laxer
    HEAD + value("2011-01-01", "", "10.5"),
    HEAD + value("2000-01-01", "2010-12-31", "90") + OLD + value("2016-01-01", "", "0"),  # before there was a rule
]
FAULTS = [
    (HEAD + value("2011-01-01", "", "10.6"), [("POL-058", 7)]),  # strict enough until 2015, laxer afterwards
    (HEAD + value("2011-01-01", "2016-01-01", "20") + value("2016-01-02", "", "8"), [("POL-058", 7)]),  # one day
    (HEAD + NEW, [("POL-059", 6)]),  # no value before 2016
    (HEAD + OLD, [("POL-059", 6)]),  # no value any more
    (HEAD + OLD + value("2016-01-02", "", "8"), [("POL-059", 6)]),  # one day without
    (HEAD + value("2011-01-01", "", "\n      - 8\n      - 9"), [("POL-058", 7), ("POL-058", 7)]),
    (HEAD.replace("pct", "tce") + OLD + NEW, [("POL-018", 5), ("POL-022", 5)]),
]


@pytest.mark.parametrize("own", SOUND)
def test_as_strict_or_stricter_passes(make_folder: MakeFolder, own: str) -> None:
    assert found(make_folder, own) == []


@pytest.mark.parametrize(("own", "expected"), FAULTS)
def test_laxer_trips(make_folder: MakeFolder, own: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(found(make_folder, own)) == expected


def test_message_says_both_values_and_the_way(make_folder: MakeFolder) -> None:
    changes: dict[str, str | None] = {
        "national/targets/limit.yaml": BOUND,
        "yunshan/layer.yaml": CITY,
        "yunshan/targets/limit.yaml": HEAD + OLD + value("2016-01-01", "", "12") + "verified: false\n",
    }
    laxer = next(each for each in check_whole(make_folder(changes)) if each.code == "POL-058")
    assert "2016-01-01 起上级为 10.5，本层为 12，只准更低" in laxer.message.zh
    assert "10.5 from 2016-01-01 there, 12 here, may only be lower" in laxer.message.en


def test_higher_is_the_other_way(make_folder: MakeFolder) -> None:
    upper = BOUND.replace("stricter: lower", "stricter: higher")
    assert found(make_folder, HEAD + value("2011-01-01", "", "20"), upper) == []
    assert found(make_folder, HEAD + value("2011-01-01", "", "19.9"), upper) == [("POL-058", 7)]


def test_one_value_may_be_bound_alone(make_folder: MakeFolder) -> None:
    """The old value may be relaxed or left out, the new one may not."""
    upper = LIMIT.replace("    value: 10.5\n", "    value: 10.5\n    stricter: lower\n")
    assert found(make_folder, HEAD + NEW, upper) == []
    assert found(make_folder, HEAD + value("2011-01-01", "", "15"), upper) == [("POL-058", 7)]


def test_only_days_of_the_layer_count(make_folder: MakeFolder) -> None:
    city = CITY + "from: 2016-01-01\nuntil: 2018-12-31\n"
    assert found(make_folder, HEAD + value("2016-01-01", "2018-12-31", "10"), city=city) == []
    assert found(make_folder, HEAD + value("2016-01-01", "2018-12-30", "10"), city=city) == [("POL-059", 6)]


def test_not_bound_may_be_laxer(make_folder: MakeFolder) -> None:
    assert found(make_folder, HEAD + value("2011-01-01", "", "90"), LIMIT) == []


def test_county_is_bound_by_the_nation_through_a_city_that_is_silent(make_folder: MakeFolder) -> None:
    changes: dict[str, str | None] = {
        "national/targets/limit.yaml": BOUND,
        "yunshan/layer.yaml": CITY,
        "qingxi/layer.yaml": CITY.replace("city", "county").replace("990100", "990121").replace("national", "yunshan"),
        "qingxi/targets/limit.yaml": HEAD + value("2011-01-01", "", "15") + "verified: false\n",
    }
    codes = {(each.code, each.place) for each in check_whole(make_folder(changes))}
    assert ("POL-058", "policy/qingxi/targets/limit.yaml:7") in codes


@pytest.mark.parametrize(("own", "counts"), [("12", "10.5"), ("9", "9")])
def test_what_relaxes_has_no_effect(make_folder: MakeFolder, own: str, counts: str) -> None:
    changes: dict[str, str | None] = {
        "national/targets/limit.yaml": BOUND,
        "yunshan/layer.yaml": CITY,
        "yunshan/targets/limit.yaml": HEAD + OLD + value("2016-01-01", "", own) + "verified: false\n",
    }
    book = Rulebook(make_folder(changes).root)
    assert book.parameter("targets/limit", date(2020, 1, 1), "yunshan").number == Decimal(counts)
    assert book.parameter("targets/limit", date(2020, 1, 1)).number == Decimal("10.5")
