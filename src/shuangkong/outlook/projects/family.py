"""重点工程类别: the families that plans list their key projects by, as the policy files of a layer have them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.rule import Confidence
from shuangkong.outlook.barometer.rule_book import cited
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

FOLDER = "outlook/projects"


class Field(StrEnum):
    """Under which heading plans list a family; PROGRAMME: one of the programmes of the newer plans, of no medium."""

    ENERGY = "energy"  # 节能
    AIR = "air"  # 大气
    WATER = "water"  # 水
    SOIL = "soil"  # 土壤
    CIRCULAR = "circular"  # 循环经济
    PROGRAMME = "programme"  # 重点工程


@dataclass(frozen=True, slots=True)
class Family:
    """One family of key projects."""

    id: str
    name: Message
    field: Field
    clause: Clause
    confidence: Confidence


def families(folder: PolicyFolder, layer: str) -> dict[str, Family]:
    """Id → family of a layer and those above it, by field and id; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    sources = books.sources(folder)
    found = []
    for key, name in names.items():
        record = node.as_mapping(folder.require(name))
        words = cited(sources.get(record.text("source")), record.text("source"), record.text("at"))
        found.append(
            Family(
                id=key,
                name=books.message(record.mapping("name")),
                field=Field(record.text("field")),
                clause=Clause(words, record.flag("verified", default=False)),
                confidence=Confidence(record.text("confidence")),
            )
        )
    order = list(Field)
    return {each.id: each for each in sorted(found, key=lambda each: (order.index(each.field), each.id))}
