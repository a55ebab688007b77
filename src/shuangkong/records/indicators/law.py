"""适用的规定: the rules of the site's policy with the site's registers, as the engine needs them."""

from __future__ import annotations

from functools import partial

from shuangkong.indicators.engine import Law
from shuangkong.policyfile.books import NATION
from shuangkong.records.indicators.territory import Territory
from shuangkong.rulebook import Rulebook, open_rulebook


def law_of(territory: Territory, rulebook: Rulebook | None = None, layer: str = NATION) -> Law:
    """The law of a layer. No query until a whole or its parts are asked for."""
    book = rulebook or open_rulebook()
    return Law(
        indicators=book.every_rule(layer),
        forms=book.units(),
        parameter=partial(book.parameter, layer=layer),
        sources=book.sources(),
        base_year=book.base_year,
        subjects=territory.subjects,
        version=book.version,
    )
