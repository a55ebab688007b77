"""Pieces of what is typed in a workbench: lists in one cell, and figures as they are typed."""

from __future__ import annotations

import re
from decimal import Decimal

#: What may stand between the parts of a list in one cell.
BETWEEN = re.compile(r"[、，；;\s]+")


def plain(value: Decimal | None) -> str:
    """A figure as it is typed."""
    return "" if value is None else format(value, "f")
