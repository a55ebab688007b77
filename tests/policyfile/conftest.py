"""A small policy folder to break: everything in it is invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shuangkong.policyfile.folder import PolicyFolder

FILES = {
    "glossary.yaml": """\
terms:
  - zh: 煤炭
    en: coal
    codes:
      - coal
    rendering: coined
    section: field
words:
  indicators: 指标
  targets: 目标
  codes: 编码
  units: 单位
  glossary: 词汇表
  layer: 层级
  share: 比重
  limit: 限值
  regions: 区划
  total: 总量
  sources: 来源
""",
    "units.yaml": """\
units:
  - id: pct
    name:
      zh: 百分数
      en: per cent
    kind: share
    printed:
      - form: "%"
        factor: 1
      - form: "‰"
        factor: 0.1
    source: invented
""",
    "units.cases.yaml": """\
- name: 千分数
  printed: "‰"
  value: 25
  expect: 2.5
  unit: pct
""",
    "national/layer.yaml": """\
name:
  zh: 国家
  en: Nation
level: nation
""",
    "national/sources/invented.yaml": """\
title: 虚构文件
issuer: 虚构机关
verified: false
""",
    "national/indicators/coal_share.yaml": """\
name:
  zh: 煤炭比重
  en: Coal share
aliases:
  - 煤炭占比
unit: pct
direction: lower_is_better
progress: linear
source: invented
in_time: none
in_space: none
apart: share
""",
    "national/targets/limit.yaml": """\
name:
  zh: 限值
  en: Limit
unit: pct
values:
  - from: 2011-01-01
    until: 2015-12-31
    value: 20
    source: invented
  - from: 2016-01-01
    value: 10.5
    source: invented
    at: 第二条
verified: false
""",
    "national/targets/limit.cases.yaml": """\
- name: 旧限值
  day: 2015-12-31
  expect: 20
- name: 新限值
  day: 2016-01-01
  expect: 10.5
""",
    "national/codes/regions.yaml": """\
name:
  zh: 区划
  en: Regions
file: regions.csv
columns:
  code: 代码
  name: 名称
  level: 层级
  parent: 上级
  from: 首见
  until: 末见
lists:
  - day: 2015-12-31
    source: invented
  - day: 2017-12-31
    source: invented
  - day: 2020-12-31
    source: invented
verified: false
""",
    "national/codes/regions.csv": """\
code,name,level,parent,from,until
990000,云外省,province,,2015-12-31,
990100,云山市,city,990000,2015-12-31,
990121,清溪县,county,990100,2015-12-31,2015-12-31
990121,清溪区,county,990100,2017-12-31,
990122,白石县,county,990100,2015-12-31,2017-12-31
""",
    "national/codes/regions.cases.yaml": """\
- name: 撤县前
  day: 2016-06-30
  code: "990121"
  expect: 清溪县
""",
}

type MakeFolder = Callable[..., PolicyFolder]


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Makes the folder; keyword-like pairs replace (text) or leave out (None) files by name."""

    def make(changes: dict[str, str | None] | None = None) -> PolicyFolder:
        root = tmp_path / "policy"
        for name, text in {**FILES, **(changes or {})}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return PolicyFolder(root)

    return make
