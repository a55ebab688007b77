"""因子和命令的名称: what the codes of the protocol are called, and in which unit their readings stand."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.words import spoken


def codes() -> Codes:
    """The code lists of the present policy."""
    return hj212_codes(open_rulebook().folder)


def factor_word(code: str) -> str:
    """The name of a factor; its code where the tables have none."""
    found = codes().factors.get(code)
    return spoken(Message(found.zh, found.en)) if found else code


def factor_unit(code: str) -> str:
    """The unit in which readings of a factor are kept: that of the code table; "" without dimension or unknown."""
    found = codes().factors.get(code)
    return "" if found is None or found.unit == "-" else found.unit


def amount_unit(code: str) -> str:
    """The unit of a factor's amounts (Cou)."""
    found = codes().factors.get(code)
    return found.mass_unit if found else ""


def command_word(code: str) -> str:
    """The name of a command; its code where the tables have none."""
    found = codes().commands.get(code)
    return spoken(Message(found.zh, found.en)) if found else codes().old_commands.get(code, code)
