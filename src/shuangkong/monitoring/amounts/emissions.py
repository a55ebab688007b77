"""因子 → 指标: which indicator the amounts of a factor are told as. Other factors have amounts that nobody adds up."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.monitoring.reading import Media

#: By the codes of the code table; one indicator has one factor a medium, so that nothing counts twice.
INDICATORS: Mapping[Media, Mapping[str, str]] = {
    Media.GAS: {
        "a21026": "monitored_so2_emission",
        "a21002": "monitored_nox_emission",
        "a34013": "monitored_particulate_emission",
        "a24088": "monitored_vocs_emission",  # 非甲烷总烃代表挥发性有机物
    },
    Media.WATER: {
        "w01018": "monitored_cod_emission",
        "w21003": "monitored_nh3n_emission",
        "w21011": "monitored_tp_emission",
        "w21001": "monitored_tn_emission",
    },
}


def indicator_of(media: Media, factor: str) -> str | None:
    """The indicator; None where the amounts of a factor are told as none."""
    return INDICATORS[media].get(factor)
