"""一行说的是什么: a row of the ledger as a person or a file tells it, as an entry; refusals name the column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from shuangkong.quotas.certificates import Act, Entry, Span
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.models import CertificateHolder
from shuangkong.records.quotas.rows import Told
from shuangkong.records.refusal import Refused

#: Words of an act in a file.
ACTS: Mapping[str, Act] = {
    "核发": Act.ISSUE, "转让": Act.TRANSFER, "核销": Act.RETIRE, "撤销核发": Act.WITHDRAW,
    **{act.value: act for act in Act},
}  # fmt: skip
_YES = frozenset({"是", "带", "yes", "true", "1"})
_NO = frozenset({"", "否", "不带", "no", "false", "0"})
#: Digits of the longest serial: what fits the column.
_MOST_DIGITS = 18
_BRIEF = 40


class Holders:
    """Accounts as rows name them: by name, or by number where several bear the name."""

    def __init__(self, every: Iterable[CertificateHolder]) -> None:
        self._found: dict[str, list[CertificateHolder]] = defaultdict(list)
        for each in every:
            self._found[each.name].append(each)
            self._found[f"#{each.pk}"].append(each)

    def named(self, name: str, field: str) -> CertificateHolder | None:
        """None where no name is given. Raises Refused where no account, or more than one, bears it."""
        if not name:
            return None
        found = self._found.get(name, [])
        if len(found) == 1:
            return found[0]
        if not found:
            zh = f"没有账户“{name[:_BRIEF]}”。请先开户，名称须一字不差。"
            raise Refused("QTA-202", zh, f"No account “{name[:_BRIEF]}”: open it first.", field)
        several = "、".join(f"#{each.pk}" for each in found)
        zh = f"有多个账户叫“{name[:_BRIEF]}”，请写编号：{several}。"
        raise Refused("QTA-208", zh, f"Several accounts bear this name: write one of {several}.", field)


def entry_told(row: Told, source: str, holders: Holders, by: Acting) -> Entry:
    """The entry that a row tells.

    Raises:
        Refused: QTA-2xx: a word, a name, a serial or a day that is none; no ground; an account that another place
            keeps.
    """
    act = ACTS.get(row.act.strip().lower())
    if act is None:
        zh = f"“{row.act[:_BRIEF]}”应为核发、转让、核销或撤销核发。"
        en = f"“{row.act[:_BRIEF]}”: expected issue, transfer, retire or withdraw."
        raise Refused("QTA-201", zh, en, "act")
    giver, taker = holders.named(row.giver.strip(), "giver"), holders.named(row.taker.strip(), "taker")
    if not (row.ground.strip() or source.strip()):
        raise Refused("QTA-206", "请写明依据。", "Give the ground.", "ground")
    said = row.has_power.strip().lower()
    if said not in _YES | _NO:
        zh = f"带物理电量写“是”或“否”，现为“{said[:_BRIEF]}”。"
        raise Refused("QTA-205", zh, f"With power: yes or no, not “{said[:_BRIEF]}”.", "has_power")
    keeper = giver or taker
    if keeper is not None and not may(by, Action.CERTIFICATE_RECORD, Where(keeper.path)):
        zh = f"“{keeper.name}”的账不由您记。请由其记账地区办理。"
        raise Refused("QTA-207", zh, f"You do not keep the account of “{keeper.name}”.", "giver")
    return Entry(
        act=act,
        span=Span(row.batch.strip(), _serial(row.first, "first"), _serial(row.last, "last")),
        on=_day(row.on),
        giver=giver.pk if giver else None,
        taker=taker.pk if taker else None,
        has_power=said in _YES,
    )


def _serial(text: str, field: str) -> int:
    """Refuses what is no whole number; the ledger says whether it lies in range."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS):
        zh = f"号码“{plain[:_BRIEF]}”应为整数。"
        raise Refused("QTA-203", zh, f"Serial “{plain[:_BRIEF]}”: expected a whole number.", field)
    return int(plain)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as fault:
        zh = f"日期“{text[:_BRIEF]}”应写作 年-月-日。"
        raise Refused("QTA-204", zh, f"“{text[:_BRIEF]}”: expected a day as YYYY-MM-DD.", "on") from fault
    if day > timezone.localdate():
        raise Refused("QTA-204", "日期不能晚于今天。", "The day cannot be in the future.", "on")
    return day
