"""Guards shared by the doors that parse markup: how many tags, how deep."""

from __future__ import annotations

from lxml import etree

from shuangkong.plans.intake.limits import MARKUP_DEPTH, MARKUP_TAGS
from shuangkong.plans.intake.refusals import refused


def tags(words: str, namespace: str = "") -> frozenset[str]:
    """``"p br"`` → the set of these element names."""
    return frozenset(namespace + word for word in words.split())


def raise_if_out_of_memory(error: Exception) -> None:
    """libxml2 tells a lack of memory as an error of the file, or has no room left to tell it (lxml: unknown error)."""
    if "memory" in str(error).lower() or str(error).startswith("unknown error"):
        raise MemoryError(str(error)) from error


def require_few_tags(name: str, where: str, markup: bytes) -> None:
    """Raises DocumentRefused PLN-908 before a tree is built that would not fit into memory."""
    count = markup.count(b"<")
    if count > MARKUP_TAGS:
        raise refused("PLN-908", name, where=where, expected=f"{MARKUP_TAGS} tags", found=f"{count} tags")


def require_shallow(name: str, where: str, root: etree._Element) -> None:
    """Raises DocumentRefused PLN-908 when elements nest deeper than the walk can follow."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MARKUP_DEPTH:
            raise refused(
                "PLN-908", name, where=where, expected=f"{MARKUP_DEPTH} levels", found=f"> {MARKUP_DEPTH} levels"
            )
