"""批量登记: the rows of a file into one register: all of them or none, and what is wrong is told row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.registers.acts import register_row
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row: ``row`` as the file counts; ``message`` None where it can be registered."""

    row: int
    name: str
    number: int | None = None
    message: Message | None = None
    code: str = ""
    field: str = ""


def take(
    register: Register, rows: Sequence[Sequence[str]], by: Acting, ground: str, *, is_dry_run: bool
) -> tuple[Verdict, ...]:
    """Registers the rows of a file, the first being its headings.

    Raises:
        Refused: MON-115 the headings are not those of the register.
    """
    told = list(_told(register, rows))
    with transaction.atomic():
        verdicts = tuple(_taken(register, number, line, by, ground) for number, line in told)
        if is_dry_run or any(each.message is not None for each in verdicts):
            transaction.set_rollback(True)
    return verdicts


def _told(register: Register, rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells of each row that is not blank."""
    keys = {name: each.key for each in register.fields for name in (each.heading, each.name.zh, each.name.en, each.key)}
    heads = [keys.get(cell.strip().removesuffix("*").strip(), "") for cell in rows[0]] if rows else []
    needed = {each.key for each in register.fields if each.is_needed}
    if not needed <= set(heads):
        wanted = "、".join(each.heading for each in register.fields if each.key in needed - set(heads))
        raise Refused("MON-115", f"表头里缺：{wanted}。请用模板。", f"Lacks the headings {wanted}: use the template.")
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: cell.strip() for key, cell in zip(heads, row, strict=False) if key}
        if any(cells.values()):
            yield number, cells


def _taken(register: Register, number: int, line: dict[str, str], by: Acting, ground: str) -> Verdict:
    name = line.get("name") or line.get("mn") or line.get("outlet") or line.get("enterprise") or ""
    try:
        # Its own savepoint: a row that the database refuses leaves the others to be judged.
        with transaction.atomic():
            made = register_row(register, line, by, ground)
    except Refused as refusal:
        return Verdict(number, name, None, refusal.message, refusal.code, refusal.field)
    return Verdict(number, name, made)
