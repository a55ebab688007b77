"""Drafts: files over a copy of the folder, in force nowhere; and what they lay down otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shuangkong.policyfile.difference import Way, changes
from shuangkong.policyfile.draft import DraftedFolder
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.provisions import provisions
from shuangkong.policyfile.whole import check_whole
from shuangkong.rulebook import Rulebook

from .conftest import FILES, MakeFolder

LIMIT = FILES["national/targets/limit.yaml"]
CASES = FILES["national/targets/limit.cases.yaml"]
DECLARED = "name:\n  zh: 草案\n  en: Draft\nlevel: nation\nparent: national\ndraft: true\n"
DAY = date(2020, 1, 1)
#: A draft that lies among the layers: another limit, a new indicator.
DRAFT: dict[str, str | None] = {
    "proposal/layer.yaml": DECLARED,
    "proposal/targets/limit.yaml": LIMIT.replace("10.5", "9"),
    "proposal/targets/limit.cases.yaml": CASES.replace("10.5", "9"),
    "proposal/indicators/coal_total.yaml": FILES["national/indicators/coal_share.yaml"].replace("煤炭", "原煤"),
}


def drafted(make_folder: MakeFolder, changed: dict[str, str | None] | None = None) -> DraftedFolder:
    folder = make_folder(DRAFT | (changed or {}))
    return DraftedFolder(folder, folder.root / "proposal")


def test_a_draft_among_the_layers_is_in_force_nowhere(make_folder: MakeFolder) -> None:
    folder = make_folder(DRAFT)
    assert check_whole(folder) == ()
    book = Rulebook(folder.root)
    assert book.parameter("targets/limit", DAY).number == 10.5
    assert "coal_total" not in book.indicators()
    assert book.version == Rulebook(make_folder(dict.fromkeys(DRAFT)).root).version


def test_signed_it_would_stand_in_the_layer_that_it_changes(make_folder: MakeFolder) -> None:
    folder = drafted(make_folder)
    book = Rulebook(folder.root, folder.root / "proposal")
    assert book.parameter("targets/limit", DAY).number == 9
    assert set(book.indicators()) == {"coal_share", "coal_total"}
    assert book.version != Rulebook(folder.root).version
    assert book.parameter("targets/limit", DAY).place == "policy/proposal/targets/limit.yaml:10"
    assert check_whole(folder) == ()
    assert folder.layers == ("national",)


def test_a_draft_may_lie_elsewhere(make_folder: MakeFolder, tmp_path: Path) -> None:
    folder, outside = make_folder(), tmp_path / "desk" / "proposal"
    for name, text in DRAFT.items():
        path = outside.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or "", encoding="utf-8")
    book = Rulebook(folder.root, outside)
    assert book.parameter("targets/limit", DAY).number == 9
    assert book.parameter("targets/limit", DAY).place == "desk/proposal/targets/limit.yaml:10"


def test_lower_layers_keep_what_they_say_themselves(make_folder: MakeFolder) -> None:
    city = 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n'
    own = {
        "yunshan/layer.yaml": city,
        "yunshan/targets/limit.yaml": LIMIT.replace("10.5", "8").replace("unit:", "overrides: national\nunit:"),
    }
    folder = drafted(make_folder, own)
    book = Rulebook(folder.root, folder.root / "proposal")
    assert book.parameter("targets/limit", DAY, "yunshan").number == 8
    assert "coal_total" in book.indicators("yunshan")


def test_a_stricter_nation_binds_the_layers_below_before_it_is_signed(make_folder: MakeFolder) -> None:
    """The draft binds a limit that a city has relaxed; the draft itself may relax the nation's own."""
    city = 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n'
    bound = LIMIT.replace("unit: pct\n", "unit: pct\nstricter: lower\n")
    own: dict[str, str | None] = {
        "yunshan/layer.yaml": city,
        "yunshan/targets/limit.yaml": LIMIT.replace("10.5", "10").replace("unit:", "overrides: national\nunit:"),
        "yunshan/targets/limit.cases.yaml": CASES.replace("10.5", "10"),
        "national/targets/limit.yaml": bound,
    }
    relaxed = {"proposal/targets/limit.yaml": bound.replace("10.5", "12")}
    relaxed |= {"proposal/targets/limit.cases.yaml": CASES.replace("10.5", "12")}
    assert check_whole(make_folder(DRAFT | own | relaxed)) == ()
    assert check_whole(drafted(make_folder, own | relaxed)) == ()
    tightened = {"proposal/targets/limit.yaml": bound.replace("10.5", "9")}
    tightened |= {"proposal/targets/limit.cases.yaml": CASES.replace("10.5", "9")}
    assert [each.code for each in check_whole(drafted(make_folder, own | tightened))] == ["POL-058"]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (DECLARED.replace("draft: true\n", ""), "POL-060"),
        (DECLARED.replace("parent: national\n", ""), "POL-060"),
        (DECLARED.replace("parent: national", "parent: nowhere"), "POL-032"),
        (DECLARED.replace("level: nation\n", ""), "POL-004"),
    ],
)
def test_what_is_no_draft_is_refused(make_folder: MakeFolder, declared: str, code: str) -> None:
    with pytest.raises(PolicyRefused, match=code):
        drafted(make_folder, {"proposal/layer.yaml": declared})


def ways(before: PolicyFolder, after: PolicyFolder, on: date | None = None) -> list[tuple[Way, str, str, str]]:
    """(way, id, before, after)"""
    found = changes(provisions(before, "national"), provisions(after, "national"), on)
    return [
        (each.way, each.provision.id, each.before.text if each.before else "", each.after.text if each.after else "")
        for each in found
    ]


def test_changes_are_told_rule_by_rule(make_folder: MakeFolder) -> None:
    after = drafted(make_folder)
    plain = PolicyFolder(after.root)
    added, changed = ways(plain, after)
    assert (added[0], added[1]) == (Way.ADDED, "indicators/coal_total")
    assert changed == (Way.CHANGED, "targets/limit", "10.5", "9")
    assert [each[0] for each in ways(after, plain)] == [Way.REMOVED, Way.CHANGED]
    assert [each[1] for each in ways(plain, after, date(2015, 12, 31))] == ["indicators/coal_total"]


def test_where_a_rule_is_written_is_no_change(make_folder: MakeFolder) -> None:
    moved = {"proposal/targets/limit.yaml": LIMIT.replace("unit:", "note: 注\nunit:")}
    after = drafted(make_folder, moved)
    assert [each[1] for each in ways(PolicyFolder(after.root), after)] == ["indicators/coal_total"]


def test_a_value_of_another_length_of_time_is_a_change(make_folder: MakeFolder) -> None:
    ended = {
        "proposal/targets/limit.yaml": LIMIT.replace("    value: 10.5\n", "    until: 2024-12-31\n    value: 10.5\n")
    }
    after = drafted(make_folder, ended)
    assert (Way.CHANGED, "targets/limit", "10.5", "10.5") in ways(PolicyFolder(after.root), after)
