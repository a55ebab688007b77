"""Scopes of statistics: what the files say, and a scope that nobody laid down is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuangkong.core.finding import Message
from shuangkong.indicators.scopes import check_scopes, scopes
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import open_rulebook

ABOVE, BELOW = "above_designated_size", "below_designated_size"
SCOPE = "name:\n  zh: 甲\n  en: a\n{more}source: s\nverified: false\n"
TOLD = "name:\n  zh: 乙\n  en: b\nindicators:\n  - x\nsubjects: unit\nscope: {scope}\nevery: year\nfrom: 2020-01-01\n"


def folder(root: Path, files: dict[str, str]) -> PolicyFolder:
    for name, text in ({"layer.yaml": "name:\n  zh: 国家\n  en: Nation\nlevel: nation\n"} | files).items():
        path = root / "national" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return PolicyFolder(root)


def test_the_nation_counts_above_and_below_and_they_exclude_one_another() -> None:
    known = open_rulebook().scopes()
    assert known[ABOVE].name == Message("规模以上", "above designated size")
    assert known[BELOW].name == Message("规模以下", "below designated size")
    apart = {(one.id, other.id) for one in known.values() for other in known.values() if one.is_apart_from(other)}
    assert apart == {(ABOVE, BELOW), (BELOW, ABOVE), *((each, each) for each in known)}
    assert not any(each.is_verified for each in known.values())


def test_one_file_is_enough_to_exclude_and_silence_excludes_nothing(tmp_path: Path) -> None:
    more = {"one": "excludes:\n  - other\n", "other": "", "third": ""}
    read = folder(tmp_path, {f"facts/scopes/{key}.yaml": SCOPE.format(more=each) for key, each in more.items()})
    one, other, third = scopes(read, "national").values()
    assert (one.is_apart_from(other), other.is_apart_from(one)) == (True, True)
    assert (one.is_apart_from(third), third.is_apart_from(other), third.is_apart_from(third)) == (False, False, True)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"facts/scopes/one.yaml": SCOPE.format(more="excludes:\n  - othr\n")}, "scopes/one.yaml:4"),
        ({"facts/told.yaml": TOLD.format(scope="othr") + "source: s\nverified: false\n"}, "told.yaml:7"),
    ],
)
def test_a_scope_that_nobody_laid_down_is_found(tmp_path: Path, files: dict[str, str], place: str) -> None:
    known = {"facts/scopes/other.yaml": SCOPE.format(more="")}
    (found,) = check_scopes(folder(tmp_path, known | files))
    assert (found.code, found.place.endswith(place), "“other”" in found.message.zh) == ("POL-065", True, True)
    assert not list(check_scopes(folder(tmp_path / "sound", known)))
