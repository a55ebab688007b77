"""政策文件 → 预测的门槛: the limits of a layer on a day."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

from shuangkong.outlook.forecast.limits import Limits
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

FOLDER = "outlook/forecast"
#: Fields of Limits whose file has a longer name: on its own it would not say of what.
_FILES = {"levels": "interval_levels"}


def limits(folder: PolicyFolder, layer: str, day: date) -> Limits:
    """Raises NotInForce where one is not laid down on the day, PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)

    def told(field: str) -> tuple[Decimal, ...]:
        return books.parameter(folder, names[_FILES.get(field, field)]).on(day).numbers

    found = {field.name: told(field.name)[0] for field in fields(Limits) if field.name != "levels"}
    most_gaps = float(found.pop("most_gaps"))
    whole = {name: int(value) for name, value in found.items()}
    return Limits(**whole, most_gaps=most_gaps, levels=tuple(float(each) for each in told("levels")))
