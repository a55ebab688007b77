"""线路: the connection to a platform above: frames out, frames in."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence

from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.protocols.hj212.frame import Finder, Found

_CONNECT_S, _BYTES = 10.0, 65_536


class Line:
    """One connection. Its faults are OSError."""

    def __init__(self, plan: RelayPlan) -> None:
        """Raises OSError where nobody answers there, or the certificate is another's."""
        plain = socket.create_connection((plan.host, plan.port), timeout=_CONNECT_S)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = _context(plan).wrap_socket(plain, server_hostname=plan.host) if plan.is_tls else plain
        except BaseException:
            plain.close()
            raise
        self._finder = Finder()

    def send(self, frame: bytes) -> None:
        """Writes all of it."""
        self._socket.settimeout(_CONNECT_S)
        self._socket.sendall(frame)

    def hear(self, seconds: float) -> Sequence[Found]:
        """Frames that come within that time; none where nothing does. Raises ConnectionError at the line's end."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            data = self._socket.recv(_BYTES)
        except (TimeoutError, ssl.SSLWantReadError):
            return ()
        if not data:
            raise ConnectionResetError("对方断开了线路 the platform above ended the connection")
        return [each for each in self._finder.feed(data) if isinstance(each, Found)]

    def close(self) -> None:
        self._socket.close()


def _context(plan: RelayPlan) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=plan.ca or None)
