"""Packets on the line between a building's collector and its centre: head, length, body (AES where agreed), sum, tail.

The head and tail are 68 68 16 16 and 55 AA 55 AA, the length four bytes lowest first, over a four-byte number of the
packet and the body, the check value CRC-16 (Modbus) over both. Not confirmed against the guides.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

HEAD, TAIL = bytes.fromhex("68681616"), bytes.fromhex("55AA55AA")
_AROUND = len(HEAD) + 4 + 2 + len(TAIL)
_BLOCK = 16
#: Longest packet that is waited for, in bytes.
CEILING = 4 << 20


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: the sender's count, and its body as it travelled."""

    number: int
    body: bytes


def crc16(data: bytes) -> int:
    """CRC-16 as Modbus has it (reflected 8005, from FFFF)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def wrap(packet: Packet) -> bytes:
    """The packet as it travels."""
    inner = packet.number.to_bytes(4, "little") + packet.body
    return HEAD + len(inner).to_bytes(4, "little") + inner + crc16(inner).to_bytes(2, "little") + TAIL


class Finder:
    """Finds packets in a stream; what belongs to none is counted in ``noise``.

    Args:
        ceiling: longest packet that is waited for; a longer one is noise.
    """

    __slots__ = ("_ceiling", "_pending", "noise")

    def __init__(self, ceiling: int = CEILING) -> None:
        self._ceiling = ceiling
        self._pending = bytearray()
        self.noise = 0

    @property
    def waiting(self) -> int:
        """Bytes that wait for the rest of what may be theirs."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[Packet]:
        """Takes what was received and returns what became whole."""
        self._pending += data
        out: list[Packet] = []
        while True:
            start = self._pending.find(HEAD)
            if start < 0:
                # The first bytes of a head may have come already.
                kept = min(len(HEAD) - 1, len(self._pending))
                self._drop(len(self._pending) - kept)
                return out
            self._drop(start)
            if len(self._pending) < len(HEAD) + 4:
                return out
            size = int.from_bytes(self._pending[4:8], "little")
            if not 4 <= size <= self._ceiling:
                self._drop(1)
                continue
            if len(self._pending) < size + _AROUND:
                return out
            inner = bytes(self._pending[8 : 8 + size])
            check = int.from_bytes(self._pending[8 + size : 10 + size], "little")
            if self._pending[10 + size : size + _AROUND] != TAIL or check != crc16(inner):
                self._drop(1)
                continue
            out.append(Packet(int.from_bytes(inner[:4], "little"), inner[4:]))
            del self._pending[: size + _AROUND]

    def _drop(self, count: int) -> None:
        self.noise += count
        del self._pending[:count]


def seal(body: bytes, key: bytes, vector: bytes) -> bytes:
    """AES in blocks that hang together (CBC), filled with zeros as the link has it."""
    work = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return work.update(body + bytes(-len(body) % _BLOCK)) + work.finalize()


def unseal(body: bytes, key: bytes, vector: bytes) -> bytes | None:
    """The plain body without its zeros; None where it is no whole number of blocks."""
    if not body or len(body) % _BLOCK:
        return None
    work = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return (work.update(body) + work.finalize()).rstrip(b"\0")
