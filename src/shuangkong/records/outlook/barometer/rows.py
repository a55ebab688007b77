"""Values of issues of the barometer, as pages see them."""

from __future__ import annotations

from shuangkong.outlook.barometer.issue import Content
from shuangkong.records.editions.rows import EditionRow

type IssueRow = EditionRow[Content]
