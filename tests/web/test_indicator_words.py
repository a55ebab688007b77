"""A target's name on the pages: indicator and kind in the language of the page."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuangkong.web.site.words import indicator_word


@pytest.mark.parametrize(
    ("language", "id_", "name", "kind", "said"),
    [
        ("en", "nh3n_total", "氨氮排放总量", "cap_total", "Total ammonia-nitrogen emissions"),
        ("en", "nh3n_total", "氨氮排放总量", "reduction_rate", "Reduction of total ammonia-nitrogen emissions"),
        ("zh-hans", "nh3n_total", "氨氮排放总量", "reduction_rate", "氨氮排放总量下降率"),
        ("zh-hans", "nh3n_total", "氨氮排放总量下降率", "reduction_rate", "氨氮排放总量下降率"),
        ("en", "nh3n_total", "氨氮排放总量", "", "Total ammonia-nitrogen emissions"),
        ("en", "污水处理厂建成数", "污水处理厂建成数", "count", "污水处理厂建成数 (as printed)"),
        ("en", "污水处理厂建成数", "污水处理厂建成数", "", "污水处理厂建成数 (as printed)"),
        ("zh-hans", "污水处理厂建成数", "污水处理厂建成数", "count", "污水处理厂建成数"),
    ],
)
def test_a_target_is_called_by_indicator_and_kind(language: str, id_: str, name: str, kind: str, said: str) -> None:
    with translation.override(language):
        assert indicator_word(id_, name, kind) == said
