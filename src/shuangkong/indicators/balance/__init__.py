"""能源平衡表: its figures and sums, its rules as indicators, its checks and its flows."""

from __future__ import annotations

from shuangkong.indicators.balance.figures import Balance, in_standard_coal

__all__ = ["Balance", "in_standard_coal"]
