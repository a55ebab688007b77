"""Layers: the nearest place decides, what it does not say is asked of the layer above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shuangkong.policyfile.folder import PolicyRefused
from shuangkong.policyfile.layers import chain
from shuangkong.rulebook import Rulebook

from .conftest import FILES, MakeFolder

LIMIT = FILES["national/targets/limit.yaml"]
LAYERS: dict[str, str | None] = {
    "yunshan/layer.yaml": 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n',
    "yunshan/targets/limit.yaml": LIMIT.replace("10.5", "8").replace("unit:", "overrides: national\nunit:"),
    "qingxi/layer.yaml": 'name:\n  zh: 清溪\n  en: Qingxi\nlevel: county\nregion: "990121"\nparent: yunshan\n',
    "qingxi/indicators/coal_total.yaml": FILES["national/indicators/coal_share.yaml"].replace("煤炭", "原煤"),
}
DAY = date(2020, 1, 1)


@pytest.fixture
def rulebook(make_folder: MakeFolder) -> Rulebook:
    return Rulebook(make_folder(LAYERS).root)


def test_chain_goes_up(rulebook: Rulebook) -> None:
    assert chain(rulebook.folder, "qingxi") == ("qingxi", "yunshan", "national")
    with pytest.raises(PolicyRefused, match="POL-032"):
        chain(rulebook.folder, "nowhere")


def test_nearest_layer_decides(rulebook: Rulebook) -> None:
    limits = {
        layer: rulebook.parameter("targets/limit", DAY, layer).number for layer in ("national", "yunshan", "qingxi")
    }
    assert limits == {"national": Decimal("10.5"), "yunshan": Decimal(8), "qingxi": Decimal(8)}


def test_layer_adds_to_what_stands_above(rulebook: Rulebook) -> None:
    assert set(rulebook.indicators("qingxi")) == {"coal_share", "coal_total"}
    assert set(rulebook.indicators("yunshan")) == {"coal_share"}


def test_value_knows_the_file_it_comes_from(rulebook: Rulebook) -> None:
    value = rulebook.parameter("targets/limit", DAY, "qingxi")
    assert value.place == "policy/yunshan/targets/limit.yaml:11"
    assert value.at == "第二条"
