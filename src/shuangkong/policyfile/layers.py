"""Layers: the nation, then a province, a city, a county. The nearest layer that has a file decides, and says so."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.finding import Finding
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.node import Mapping, Place, as_mapping
from shuangkong.policyfile.refusal import refuse

#: Folders whose files bear names of documents and lists of the nation: no lower layer replaces them by name.
_NOT_BY_NAME = frozenset({"sources", "codes"})


def words(folder: PolicyFolder, layer: str) -> tuple[str, ...]:
    """The folders of a layer whose files a lower layer may replace by name (``indicators/coefficients``), sorted."""
    inner = (name.rpartition("/")[0].partition("/") for name in folder.names)
    return tuple(sorted({word for first, _, word in inner if first == layer and word} - _NOT_BY_NAME))


def chain(folder: PolicyFolder, layer: str) -> tuple[str, ...]:
    """``layer`` and the layers above it, nearest first.

    Raises:
        PolicyRefused: a layer.yaml among them cannot be used, is not there, or stands above itself.
    """
    layers: list[str] = []
    above = layer
    while above:
        file = f"{above}/layer.yaml"
        if above in layers or not folder.has(file):
            place = Place(folder.shown(f"{layers[-1] if layers else layer}/layer.yaml"), 1)
            raise PolicyRefused((refuse("POL-032", place, found=above, way=" → ".join((*layers, above))),))
        layers.append(above)
        above = as_mapping(folder.require(file)).text("parent")
    return tuple(layers)


def names_in_force(folder: PolicyFolder, layers: tuple[str, ...], word: str) -> dict[str, str]:
    """Id → file name for the folder ``word``: from the nearest of ``layers`` (nearest first) that has the file."""
    found: dict[str, str] = {}
    for layer in reversed(layers):
        for name in folder.names_in(layer, word):
            found[name.rsplit("/", 1)[1].removesuffix(".yaml")] = name
    return found


def check_overrides(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    """A file that replaces one of a layer above says which layer; one that says so has something to replace.

    A draft's files are written as they are to stand in the layer that it would change: they replace nothing yet.
    """
    if layer in folder.drafts:
        return
    above = chain(folder, layer)[1:]
    for word in words(folder, layer):
        for name in folder.names_in(layer, word):
            node = folder.check(name).node
            if isinstance(node, Mapping):
                yield from _check_override(folder, name, node, above)


def _check_override(folder: PolicyFolder, name: str, node: Mapping, above: tuple[str, ...]) -> Iterator[Finding]:
    _, inner = name.split("/", 1)
    declared = node.text("overrides")
    replaced = next((layer for layer in above if folder.has(f"{layer}/{inner}")), "")
    if replaced and declared != replaced:
        yield refuse("POL-027", Place(folder.shown(name), 1), layer=replaced)
    elif declared and not replaced:
        yield refuse("POL-028", node.key_places["overrides"], layer=declared)
