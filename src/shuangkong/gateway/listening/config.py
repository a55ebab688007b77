"""配置: which listeners there are and what they may be asked, from a TOML file of the operator's."""

from __future__ import annotations

import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from shuangkong.gateway.listening.limits import Limits
from shuangkong.readings.evidence.log import SEGMENT_LIMIT


class BadConfig(ValueError):
    """The configuration cannot be used. Says what, where, expected, found, in both languages.

    Attributes:
        code: of the refusal.
        zh: the sentence in Chinese.
        en: the sentence in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"GTW-001 {zh} {en}")
        self.code, self.zh, self.en = "GTW-001", zh, en


@dataclass(frozen=True, slots=True)
class Listener:
    """One address on which devices are heard.

    Attributes:
        name: what people call it; it stands in the evidence of each connection.
        host: address of this machine, such as 0.0.0.0.
        port: 0 takes a free one.
        certificate: PEM file with the chain; with it the listener speaks TLS alone.
        key: PEM file of its private key.
        client_authority: PEM file; devices must show a certificate that one of these signed.
    """

    name: str
    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    client_authority: Path | None = None

    def context(self) -> ssl.SSLContext | None:
        """How it speaks TLS; None where it does not. Raises BadConfig where a file cannot be used."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self.certificate, self.key)
            if self.client_authority is not None:
                context.load_verify_locations(self.client_authority)
                context.verify_mode = ssl.CERT_REQUIRED
        except OSError as fault:
            raise BadConfig(
                f"监听“{self.name}”的证书不能用：应为可读的 PEM 证书和私钥，实为“{fault}”。请核对路径和内容。",
                f"Listener “{self.name}”: its certificate cannot be used: expected PEM files, found “{fault}”.",
            ) from fault
        return context


@dataclass(frozen=True, slots=True)
class Config:
    """What an operator sets.

    Attributes:
        listeners: at least one.
        limits: see there.
        answers_unknown: whether frames of unknown devices are acknowledged; they are kept all the same.
        segment_bytes: length of a segment of the evidence log.
    """

    listeners: tuple[Listener, ...]
    limits: Limits = field(default_factory=Limits)
    answers_unknown: bool = True
    segment_bytes: int = SEGMENT_LIMIT


def listener_at(address: str, certificate: Path | None = None, key: Path | None = None) -> Listener:
    """A listener at ``host:port``. Raises BadConfig."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise BadConfig(
            f"监听地址应为“主机:端口”，实为“{address}”。例如 0.0.0.0:8212。",
            f"Expected an address host:port, found “{address}”; such as 0.0.0.0:8212.",
        )
    return Listener(address, host.strip("[]"), int(port), certificate, key)


_ROOT = frozenset({"listener", "limits", "answers_unknown", "segment_bytes"})
_LISTENER = frozenset({"name", "address", "certificate", "key", "client_authority"})
_LIMITS = frozenset(each.name for each in fields(Limits))


def read_config(path: Path) -> Config:
    """The configuration in a file; paths in it are relative to its folder. Raises BadConfig."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadConfig(f"读不了“{path}”：{fault}。", f"{path} cannot be read: {fault}.") from fault
    _only(told, _ROOT, path, "")
    rows = told.get("listener", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadConfig(f"{path}：应有至少一段 [[listener]]。", f"{path}: expected at least one part [[listener]].")
    limits = told.get("limits", {})
    _only(limits, _LIMITS, path, "limits")
    try:
        return Config(
            tuple(_listener(row, path) for row in rows),
            Limits(**limits),
            bool(told.get("answers_unknown", True)),
            int(told.get("segment_bytes", SEGMENT_LIMIT)),
        )
    except (TypeError, ValueError) as fault:
        if isinstance(fault, BadConfig):
            raise
        raise BadConfig(f"{path}：{fault}。", f"{path}: {fault}.") from fault


def _listener(row: Mapping[str, Any], path: Path) -> Listener:
    _only(row, _LISTENER, path, "listener")
    at = listener_at(str(row.get("address", "")))
    files = {name: path.parent / row[name] if name in row else None for name in ("certificate", "key")}
    authority = path.parent / row["client_authority"] if "client_authority" in row else None
    return Listener(str(row.get("name", at.name)), at.host, at.port, **files, client_authority=authority)


def _only(told: Mapping[str, Any], known: frozenset[str], path: Path, part: str) -> None:
    unknown = sorted(set(told) - known)
    if unknown:
        where, expected = f"{path} {part}".strip(), ", ".join(sorted(known))
        raise BadConfig(
            f"{where}：不认识“{'、'.join(unknown)}”，应为 {expected} 之一。",
            f"{where}: unknown {', '.join(unknown)}; expected one of {expected}.",
        )
