"""SM3 (GB/T 32905), the digest that the journal's chain is made with."""

from __future__ import annotations

from shuangkong.core.digest import sm3

__all__ = ["sm3"]
