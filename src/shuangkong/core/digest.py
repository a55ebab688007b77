"""杂凑: SM3 (GB/T 32905), the digest that the journal's chain and filed returns are sealed with."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes


def sm3(data: bytes) -> str:
    """The SM3 digest as 64 lower-case hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()
