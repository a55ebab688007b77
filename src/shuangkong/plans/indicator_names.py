"""指标名: the indicators that plans name, as a layer of the policy has them."""

from __future__ import annotations

from shuangkong.plans.lexicon import IndicatorName
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import as_mapping


def indicator_names(folder: PolicyFolder, layer: str) -> dict[str, IndicatorName]:
    """Id → indicator in force in ``layer``, in the order of ids; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), "indicators")
    return {word: _indicator(folder, word, names[word]) for word in sorted(names)}


def _indicator(folder: PolicyFolder, word: str, file: str) -> IndicatorName:
    record = as_mapping(folder.require(file))
    name = books.message(record.mapping("name"))
    return IndicatorName(
        id=word,
        zh=name.zh,
        en=name.en,
        aliases=record.listing("aliases").texts(),
        unit=record.text("unit"),
        direction=record.text("direction"),
        progress=record.text("progress"),
        owner=record.text("owner"),
    )
