"""核算引擎: figures from what was told, by the rules of their day: of one cell with all it rests on, or of everyone.

``Engine`` finds one figure with its tree, ``columns.ColumnEngine`` the same figures of everyone at once; ``Law`` is
what both compute by.
"""

from __future__ import annotations

from shuangkong.indicators.engine.asked import Asked
from shuangkong.indicators.engine.cells import Engine
from shuangkong.indicators.engine.inputs import cells_of_input
from shuangkong.indicators.engine.law import Law

__all__ = ["Asked", "Engine", "Law", "cells_of_input"]
