"""Fills an empty site: one administrator, an invented county; with ``adopted``, its plan and figures.

``python county.py PASSWORD [adopted]``; the site's folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shuangkong.cli.site import open_site

if TYPE_CHECKING:
    from shuangkong.records.people.acting import Acting

DOCUMENTS = Path(__file__).parent / "documents"
COUNTY = (
    ("990100", "云桥县", "county", None),
    ("990101", "北溪镇", "town", "990100"),
    ("990102", "南坪镇", "town", "990100"),
    ("990103", "石桥乡", "town", "990100"),
)


def main(password: str, *wishes: str) -> None:
    open_site()
    settle(password)
    if "adopted" in wishes:
        adopt_plan()


def administrator() -> Acting:
    """As whom the site is filled."""
    from shuangkong.records.people.acting import Acting
    from shuangkong.records.people.roles import Role

    return Acting("admin", Role.ADMINISTRATOR, paths=("/",))


def settle(password: str) -> None:
    """The administrator and the county with its towns."""
    from shuangkong.records.people.acting import appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.rows import RegionRow

    Person.objects.create_superuser("admin", password=password)
    appoint("admin", Role.ADMINISTRATOR, administrator(), "测试")
    registry.save_regions(RegionRow(*each, is_fictional=True) for each in COUNTY)


def adopt_plan() -> int:
    """Reads, reviews and adopts the county's plan and loads its figures; returns the plan's id."""
    from shuangkong.papers.tables import read_sheet
    from shuangkong.plans.audit import Catalogue
    from shuangkong.plans.intake import open_document
    from shuangkong.plans.study import read_and_audit
    from shuangkong.records.facts import store as facts
    from shuangkong.records.plans import store as plans
    from shuangkong.records.plans.rows import Origin, Verdict
    from shuangkong.rulebook import open_rulebook

    by = administrator()
    content = (DOCUMENTS / "county-plan.txt").read_bytes()
    rulebook = open_rulebook()
    catalogue = Catalogue.of(rulebook.checks("plans"), rulebook.lexicon(), date(2022, 8, 18))
    document = open_document("county-plan.txt", content)
    reading, findings = read_and_audit(document, rulebook.lexicon(), catalogue)
    plan = plans.save_reading(content, document, reading, findings, by, Origin(is_demo=True, is_fictional=True))
    for entry in plans.undecided(plan.id):
        plans.decide(entry.id, Verdict.ACCEPTED, by)
    plans.adopt(plan.id, by)
    sheet = read_sheet((DOCUMENTS / "actuals.csv").read_bytes(), "actuals.csv")
    facts.load_rows(
        sheet.rows, name="actuals.csv", digest=sheet.digest, source="测试", by=by, is_dry_run=False, is_demo=True
    )
    return plan.id


if __name__ == "__main__":
    main(*sys.argv[1:])
