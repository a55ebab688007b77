"""限额: how much one device, one address and all together may ask of the gateway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator may set in the part ``[limits]`` of the configuration.

    Attributes:
        connections: open at a time, on all listeners.
        per_address: open at a time from one address; many devices may share one behind their carrier.
        idle_seconds: without a byte, after which a connection is ended.
        frame_seconds: that a frame may take to become whole; who sends slower is ended.
        handshake_seconds: that securing a connection (TLS) may take.
        unread_bytes: answers that a device has not taken, above which no more is read of it.
        unread_seconds: after which it is ended then.
        waiting_bytes: received and not yet durable, of all connections, above which none is read.
        connection_waiting_bytes: the same, of one connection.
        stray_bytes: of one connection, in which there was no frame or none of a known device, above which it is ended.
        refuse_seconds: without room in the log, after which connections are ended and new ones refused.
    """

    connections: int = 20_000
    per_address: int = 2_000
    idle_seconds: float = 7_200.0
    frame_seconds: float = 60.0
    handshake_seconds: float = 20.0
    unread_bytes: int = 64 << 10
    unread_seconds: float = 30.0
    waiting_bytes: int = 64 << 20
    connection_waiting_bytes: int = 1 << 20
    stray_bytes: int = 4 << 20
    refuse_seconds: float = 10.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"limits.{name}: expected a number above 0, found {value!r}")
