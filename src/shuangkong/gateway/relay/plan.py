"""设置: what is relayed to one platform above, and how that platform knows the devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.sm4 import CipherForm


@dataclass(frozen=True, slots=True)
class RelayPlan:
    """One platform above.

    Attributes:
        host, port: where it listens.
        outlets: numbers of the outlets whose devices' frames go.
        is_tls: the line is TLS; ``ca``: PEM of the authority that its certificate must fit, "" those the machine knows.
        password: access password that it knows the devices by; "": as each device sends it.
        edition: of what is sent; None: that in which the device spoke.
        cipher: how enciphered data areas stand on the wire; None: nothing is enciphered.
        key: of sixteen bytes; b"": the device's own.
        aliases: device's number → the number that the platform above knows it by, where that is another.
        per_minute: frames a minute that go over the line at most.
        wait_s: how long an answer is waited for.
        resends: how often a frame goes again before the line counts as broken, or the frame is put aside.
    """

    host: str
    port: int
    outlets: frozenset[int]
    is_tls: bool = False
    ca: str = ""
    password: str = field(default="", repr=False)
    edition: Edition | None = None
    cipher: CipherForm | None = None
    key: bytes = field(default=b"", repr=False)
    aliases: Mapping[str, str] = field(default_factory=dict)
    per_minute: int = 600
    wait_s: float = 10.0
    resends: int = 3
