"""Limits of areas beside divisions: they hold for outlets that lie in one, and for none else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

from shuangkong.monitoring.limits.areas import assignments, of_groups
from shuangkong.monitoring.limits.book import check_limits
from shuangkong.monitoring.limits.choice import chosen
from shuangkong.monitoring.limits.limit import Basis, Discharge
from shuangkong.monitoring.reading import Span
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import Rulebook, open_rulebook

DAY = date(2024, 5, 1)


def test_a_limit_of_an_area_holds_for_outlets_that_lie_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copytree(open_rulebook().folder.root, folder)
    path = folder / "national/monitoring/limits/thermal_power_special.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('industries:\n  - "441"\n', "places:\n  - mining_special\n", 1), encoding="utf-8")
    rules = Rulebook(folder).monitoring().limits
    group = frozenset({"thermal_power_special/coal_boiler"})
    inside = Discharge("0810", ("210100", *of_groups({"area/mining_special"})), group)
    assert chosen(rules, "a21026", Span.HOUR, inside, DAY)[Basis.CONVERTED].upper is not None
    assert chosen(rules, "a21026", Span.HOUR, Discharge("0810", ("210100",), group), DAY) == {}
    path.write_text(text.replace('industries:\n  - "441"\n', "places:\n  - mining_specal\n", 1), encoding="utf-8")
    assert "area/mining_special" in assignments(open_rulebook().folder)
    [found] = check_limits(PolicyFolder(folder))
    assert (found.code, "mining_specal" in found.message.zh) == ("POL-025", True)
