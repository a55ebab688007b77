"""因子和命令的名称: what the codes of the protocol are called, and in which unit their readings stand."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.monitoring.wire_codes import LOAD, STOPPED, TREATMENT, hj212_codes
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.words import spoken

#: What stands beside the factors of an outlet.
_BESIDE = {
    LOAD: Message("生产负荷", "production load"),
    STOPPED: Message("停运标志", "flag of a standstill"),
    TREATMENT: Message("运行的治理设施数", "treatment devices that ran"),
}


def codes() -> Codes:
    """The code lists of the present policy."""
    return hj212_codes(open_rulebook().folder)


def factor_word(code: str) -> str:
    """The name of a factor; its code where the tables have none."""
    if code in _BESIDE:
        return spoken(_BESIDE[code])
    found = codes().factors.get(code)
    return spoken(Message(found.zh, found.en)) if found else code


def kept_unit(code: str) -> str:
    """The unit in which readings of a factor are kept: that of the code table; "" without dimension or unknown."""
    if code == LOAD:
        return "%"
    found = codes().factors.get(code)
    return "" if found is None or found.unit == "-" else found.unit


def factor_unit(code: str) -> str:
    """``kept_unit`` as pages show it."""
    return shown_unit(kept_unit(code))


def amount_unit(code: str) -> str:
    """The unit of a factor's amounts (Cou), as pages show it."""
    found = codes().factors.get(code)
    return shown_unit(found.mass_unit) if found else ""


def shown_unit(text: str) -> str:
    """A printed unit with its powers raised: mg/m3 → mg/m³."""
    return text.replace("m3", "m³").replace("m2", "m²")


def command_word(code: str) -> str:
    """The name of a command; its code where the tables have none."""
    found = codes().commands.get(code)
    return spoken(Message(found.zh, found.en)) if found else codes().old_commands.get(code, code)
