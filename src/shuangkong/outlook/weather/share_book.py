"""政策文件 → 应急减排份额: what a response of each level must cut, as the policy of a day has it."""

from __future__ import annotations

from datetime import date

from shuangkong.core.dated import NotInForce, Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.rule_book import cited
from shuangkong.outlook.weather.measures import Shares
from shuangkong.outlook.weather.orders import AlertLevel
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.values import starts_of

FOLDER = "outlook/weather"
_FILE = "heavy_pollution"


def shares(folder: PolicyFolder, layer: str, day: date) -> Shares:
    """Raises NotInForce where none holds on the day, PolicyRefused where the file cannot be used."""
    record = _record(folder, layer)
    if not Validity(starts_of(record), record.day("until")).holds_on(day):
        raise NotInForce(f"{FOLDER}/{_FILE}", day)
    required = {
        AlertLevel(int(item.number("level"))): {
            pollutant: node.as_number(each) for pollutant, each in item.mapping("shares").entries.items()
        }
        for item in record.listing("levels").mappings()
    }
    source = books.sources(folder).get(record.text("source"))
    words = cited(source, record.text("source"), record.text("at"))
    return Shares(required, Clause(words, record.flag("verified", default=False)))


def level_names(folder: PolicyFolder, layer: str) -> dict[AlertLevel, Message]:
    """What each level is called."""
    items = _record(folder, layer).listing("levels").mappings()
    return {AlertLevel(int(item.number("level"))): books.message(item.mapping("name")) for item in items}


def pollutant_names(folder: PolicyFolder, layer: str) -> dict[str, Message]:
    """The pollutants that a response cuts, in the order of the policy, and what each is called."""
    items = _record(folder, layer).listing("pollutants").mappings()
    return {item.text("pollutant"): books.message(item.mapping("name")) for item in items}


def _record(folder: PolicyFolder, layer: str) -> node.Mapping:
    return node.as_mapping(folder.require(names_in_force(folder, chain(folder, layer), FOLDER)[_FILE]))
