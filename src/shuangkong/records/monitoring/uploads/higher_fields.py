"""上级平台的设置: which fields the settings of a platform above have, by what goes to it, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.sm4 import GROUP, CipherForm, parse_key
from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.records.refusal import Refused


class Kind(StrEnum):
    """What goes to a platform."""

    FIGURES = "nhjc"  # 用能单位的数
    FRAMES = "hj212"  # 设备的报文


#: The specification has values kept half a year at the least.
LEAST_KEEP_DAYS = 184
#: Words of how a platform writes whether a figure holds.
VALID_WORDS = ("true_is_valid", "zero_is_valid")
#: Words of ``edition`` and ``cipher`` of frames that go on: as the device sends them, in clear.
AS_SENT, CLEAR = "auto", "none"
_MOST_KEEP_DAYS, _MOST_NAME, _MOST_URL, _MOST_TOKEN, _MOST_CA, _MOST_UNITS = 3_660, 80, 300, 500, 65_536, 20_000
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_ALIAS = re.compile(r"[^\s;,=&#]{1,32}=[^\s;,=&#]{1,32}")
_PASSWORD = re.compile(r"[^\s;,=&#]{0,32}")
#: Fields of the settings, in the order of the form.
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FIGURES: (
        "name", "register_url", "auth", "token", "ca", "valid", "is_dashed", "day_time", "units", "with_fictional",
        "keep_days",
    ),
    Kind.FRAMES: (
        "name", "register_url", "token", "ca", "units", "with_fictional", "edition", "cipher", "key", "aliases",
        "per_minute", "wait_s", "resends",
    ),
}  # fmt: skip
#: What is kept encrypted and said nowhere; left empty it stays.
SECRETS = ("token", "key")
#: Columns that have no meaning for frames.
_UNUSED = {"valid": "", "day_time": "", "keep_days": 0}


def read_fields(kind: Kind, told: Mapping[str, str]) -> dict[str, Any]:
    """The columns, secrets apart. Raises Refused where one of them cannot be."""
    read = _READ if kind is Kind.FIGURES else _READ_FRAMES
    found = {name: read[name](told.get(name, "").strip()) for name in FIELDS[kind] if name not in SECRETS}
    if kind is Kind.FRAMES:
        if found["cipher"] != CLEAR and found["edition"] != Edition.V2025:
            raise refused("cipher", "只有第三代报文才加密", "only the third generation is enciphered", found["edition"])
        found |= _UNUSED
    return found


def read_secrets(kind: Kind, told: Mapping[str, str]) -> dict[str, str]:
    """Those that are told anew. Raises Refused where one of them cannot be."""
    found = {name: told.get(name, "").strip() for name in SECRETS if name in FIELDS[kind]}
    line("token", found["token"], _MOST_TOKEN)
    if kind is Kind.FRAMES and not _PASSWORD.fullmatch(found["token"]):
        raise refused("token", "应为不含 ; , = & # 和空格的密码", "expected a password without ; , = & #", "…")
    if found.get("key") and parse_key(found["key"]) is None:
        expected = f"应为 {GROUP} 个字符或 {2 * GROUP} 位十六进制数"
        raise refused("key", expected, f"expected {GROUP} signs or {2 * GROUP} hexadecimal digits", "…")
    return {name: text for name, text in found.items() if text}


def refused(field: str, zh: str, en: str, found: str) -> Refused:
    shown = found[:60] or "（空）"
    return Refused("MON-284", f"{field}：{zh}，实为 {shown}。", f"{field}: {en}; found {shown}.", field)


def line(field: str, text: str, most: int) -> str:
    if len(text) > most or not text.isprintable():
        raise refused(field, f"一行，最多 {most} 个字", f"one line of at most {most} signs", f"{len(text)}")
    return text


def _name(text: str) -> str:
    if not text:
        raise refused("name", "必须填写", "has to be told", text)
    return line("name", text, _MOST_NAME)


def _url(text: str) -> str:
    try:
        parts = urlsplit(line("register_url", text, _MOST_URL))
        is_good = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise refused("register_url", "应为 https://… 的登记地址", "expected an address https://…", text)
    return text


def _one_of(field: str, words: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise refused(field, f"应为 {'、'.join(words)} 之一", f"expected one of {', '.join(words)}", text)
        return text

    return read


def _ca(text: str) -> str:
    if text and (len(text) > _MOST_CA or not all(_CERTIFICATE.fullmatch(each) for each in _blocks(text))):
        raise refused("ca", "应为 PEM 证书，或不填", "expected PEM certificates, or nothing", text[:30])
    return text


def _blocks(text: str) -> list[str]:
    end_line = "-----END CERTIFICATE-----"
    return [each.strip() + end_line for each in text.split(end_line)[:-1]] or [text]


def _time(text: str) -> str:
    try:
        return time.fromisoformat(text).strftime("%H:%M:%S")
    except ValueError:
        raise refused("day_time", "应为 HH:MM:SS", "expected HH:MM:SS", text) from None


def _units(text: str) -> str:
    codes = text.replace("，", " ").replace(",", " ").split()
    wrong = next((each for each in codes if not _CREDIT_CODE.fullmatch(each)), None)
    if wrong is not None or len(text) > _MOST_UNITS:
        raise refused(
            "units",
            "应为 18 位统一社会信用代码，空格隔开",
            "expected credit codes of 18 signs",
            wrong or f"{len(text)}",
        )
    return " ".join(dict.fromkeys(codes))


def _keep_days(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not LEAST_KEEP_DAYS <= int(text[:6]) <= _MOST_KEEP_DAYS:
        span = f"{LEAST_KEEP_DAYS}–{_MOST_KEEP_DAYS}"
        raise refused("keep_days", f"应为 {span} 的整数", f"expected a whole number of {span}", text)
    return int(text)


def _flag(text: str) -> bool:
    return text in ("on", "true", "1", "是")


def _address(text: str) -> str:
    try:
        parts = urlsplit(line("register_url", text, _MOST_URL))
        is_good = parts.scheme in ("tcp", "tls") and bool(parts.hostname and parts.port) and not parts.path
    except ValueError:
        is_good = False
    if not is_good:
        raise refused(
            "register_url", "应为 tcp://主机:端口 或 tls://主机:端口", "expected tcp://host:port or tls://…", text
        )
    return text


def _aliases(text: str) -> str:
    pairs = text.split()
    wrong = next((each for each in pairs if not _ALIAS.fullmatch(each)), None)
    if wrong is not None or len(text) > _MOST_UNITS:
        raise refused(
            "aliases", "应为一行一个“本站设备标识=对方设备标识”", "expected lines “own number=number above”",
            wrong or f"{len(text)}",
        )  # fmt: skip
    return "\n".join(dict.fromkeys(pairs))


def _number(field: str, least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
            raise refused(field, f"应为 {least}–{most} 的整数", f"expected a whole number of {least}–{most}", text)
        return int(text)

    return read


_READ: Mapping[str, Callable[[str], Any]] = {
    "name": _name, "register_url": _url, "auth": _one_of("auth", tuple(Auth)), "ca": _ca,
    "valid": _one_of("valid", VALID_WORDS), "is_dashed": _flag, "day_time": _time, "units": _units,
    "with_fictional": _flag, "keep_days": _keep_days,
}  # fmt: skip
_READ_FRAMES: Mapping[str, Callable[[str], Any]] = {
    "name": _name, "register_url": _address, "ca": _ca, "units": _units, "with_fictional": _flag,
    "edition": _one_of("edition", (AS_SENT, Edition.V2017, Edition.V2025)),
    "cipher": _one_of("cipher", (CLEAR, *CipherForm)), "aliases": _aliases,
    "per_minute": _number("per_minute", 1, 600_000), "wait_s": _number("wait_s", 1, 99),
    "resends": _number("resends", 0, 99),
}  # fmt: skip
