"""A small policy folder of forms, written for the tests: a nation, a province that adds, a city below it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.reporting.content import Content, Entry, figure, words
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import policy_root

PLACE = {"zh": "某省", "en": "Some province"}


class _Plain(yaml.SafeDumper):
    """Writes everything out: policy files have no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def named(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": f"{zh} in English"}


def column(key: str, **more: object) -> dict[str, object]:
    return {"id": key, "name": named(key), **more}


def written(root: Path, files: dict[str, object]) -> PolicyFolder:
    """A folder with the nation's units and layer, and ``files`` by their names."""
    (root / "national").mkdir(parents=True, exist_ok=True)
    (root / "units.yaml").write_text((policy_root() / "units.yaml").read_text("utf-8"), "utf-8")
    layers = {"national": {"name": named("国家"), "level": "nation"}}
    every: dict[str, object] = {f"{key}/layer.yaml": layer for key, layer in layers.items()}
    for name, node in (every | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            yaml.dump(node, Dumper=_Plain, allow_unicode=True, sort_keys=False, default_flow_style=False), "utf-8"
        )
    return PolicyFolder(root)


def version(starts: date, *tables: object, **more: object) -> dict[str, object]:
    return {"from": starts, "days": 10, "tables": list(tables), "source": "some", "verified": False, **more}


def form_file(*versions: object) -> dict[str, object]:
    return {
        "name": named("某表"),
        "kind": "administrative",
        "subject": "unit",
        "every": "month",
        "versions": list(versions),
    }


def told(form: Form, **figures: str) -> Content:
    """Content of fixed places, each named with ``__`` for the full stops."""
    entries: dict[str, Entry] = {}
    for name, value in figures.items():
        address = name.replace("__", ".")
        field = form.field(address)
        is_figure = field is not None and field.kind.value == "figure"
        entries[address] = figure(Decimal(value)) if is_figure else words(value)
    return Content(form.id, form.edition, entries)
