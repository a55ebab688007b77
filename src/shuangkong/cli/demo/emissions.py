"""虚构的减排台账: a base, increments and reductions of the fictional county, and what its people did about them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.indicators.emissions.standing import STEPS, EventKind
from shuangkong.papers.tables import read_sheet
from shuangkong.records.indicators.emissions.acts import act
from shuangkong.records.indicators.emissions.bases import choose, load_inventory
from shuangkong.records.indicators.emissions.models import Inventory
from shuangkong.records.indicators.emissions.register import register_source
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import EntryTold, InventoryTold, Reported, Said
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry.models import Region

_GROUND = "虚构·演示"
#: The year of the base, seen from that of the first increment; and who writes for the city above.
_BEFORE = 1
_REVIEWER, _CHIEF = "city-review", "city-recognise"
#: The action that ends a reduction otherwise than by the next step, and after which steps.
_ENDS = (EventKind.RETURN, EventKind.REFUSE)


def take_emissions(folder: Path, by: Acting, cast: Cast, years: int) -> None:
    """Takes in the base, lets it count, and plays every reduction to where it stands; once. Years are moved."""
    if Inventory.objects.filter(region=COUNTY).exists():
        return
    sheet = read_sheet((folder / "base.csv").read_bytes(), "base.csv")
    first = min(int(line["时期"]) for line in lines(folder / "increments.csv")) + years
    told = InventoryTold(
        COUNTY, "census", first - _BEFORE, "污染源普查更新数（虚构）", _GROUND, "不含市直管电厂（虚构）"
    )
    with transaction.atomic():
        made = load_inventory(sheet.rows, told, by, name="base.csv", digest=sheet.digest, is_dry_run=False)
        if made.inventory is None:
            refused = [each.message.zh for each in made.verdicts if each.message is not None]
            raise ValueError(f"base.csv: {'；'.join(refused)}")
        choose(made.inventory, _GROUND, by)
        for line in lines(folder / "register.csv"):
            register_source(EntryTold(**line), by)
        for line in lines(folder / "reductions.csv"):
            _play(line, cast, years)


def _play(line: dict[str, str], cast: Cast, years: int) -> None:
    reporter = cast.named("environment" if line["region"] == COUNTY else "plant")
    inputs = dict(pair.split("=") for pair in line["inputs"].split())
    number = report(
        Reported(
            region=line["region"], title=line["title"], source=line["source"], source_name=line["name"],
            pollutant=line["pollutant"], scope=line["scope"], formula=line["formula"],
            inputs={name: Decimal(value) for name, value in inputs.items()},
            starts=(int(line["year"]) + years, int(line["month"])), outlet=line["outlet"],
            is_key=bool(line["assigned"]), assigned_t=Decimal(line["assigned"]) if line["assigned"] else None,
            note=line["note"], text=_GROUND,
        ),
        reporter,
    )  # fmt: skip
    last, amount = EventKind(line["last"]), Decimal(line["amount"]) if line["amount"] else None
    if last in _ENDS:
        act(number, _checker(line["region"], cast), last, Said(text=line["text"]))
        return
    for step in STEPS[1 : STEPS.index(last) + 1]:
        said = Said(text=line["text"], amount_t=amount if step is last else None, document=_GROUND)
        act(number, _who(step, line["region"], cast), step, said)


def _who(step: EventKind, region: str, cast: Cast) -> Acting:
    """The county checks, the city reviews and recognises: three people."""
    if step is EventKind.CHECK:
        return _checker(region, cast)
    city = Region.objects.get(pk=COUNTY).parent
    assert city is not None
    name = _REVIEWER if step is EventKind.REVIEW else _CHIEF
    return Acting(name, Role.PLAN_OFFICE, region=city.pk, region_name=city.name, paths=(city.path,))


def _checker(region: str, cast: Cast) -> Acting:
    """The office of the county, sent to the place of the source."""
    office = cast.named("office")
    if region == COUNTY:
        return office
    place = Region.objects.get(pk=region)
    return Acting(office.author, Role.VERIFIER, region=place.pk, region_name=place.name, paths=(place.path,))
