"""Chance without state: the same seed, place and time always give the same figure."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Integers = npt.NDArray[np.int64]

_STEP, _FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_A, _B, _C, _UNIT = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def seed_of(*parts: object) -> int:
    """Returns a seed of 63 bits for a thing that ``parts`` name."""
    said = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest()) >> 1


def uniform(seed: int, keys: Integers) -> Floats:
    """Returns figures in [0, 1), one for each key (splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = keys.astype(np.uint64) * _STEP + np.uint64(seed)
        mixed = (mixed ^ (mixed >> _A)) * _FIRST
        mixed = (mixed ^ (mixed >> _B)) * _SECOND
        mixed = mixed ^ (mixed >> _C)
    return (mixed >> _UNIT).astype(np.float64) * 2.0**-53


def one(seed: int, *parts: object) -> float:
    """Returns one figure in [0, 1)."""
    return seed_of(seed, *parts) * 2.0**-63


def choice(seed: int, options: tuple[str, ...], *parts: object) -> str:
    """Returns one of ``options``."""
    return options[int(one(seed, *parts) * len(options))]


def smooth(seed: int, seconds: Integers, knot_s: int) -> Floats:
    """Returns figures in (-1, 1) that wander: one at random each ``knot_s`` seconds, and an even way between them."""
    knot = seconds // knot_s
    share = (seconds % knot_s) / knot_s
    way = (1 - np.cos(np.pi * share)) / 2
    before, after = uniform(seed, knot), uniform(seed, knot + 1)
    return 2 * (before + (after - before) * way) - 1


def jitter(seed: int, seconds: Integers) -> Floats:
    """Returns independent figures around 0, most within ±1 (the sum of three even ones)."""
    total = sum((uniform(seed + each, seconds) for each in range(1, 4)), np.zeros(len(seconds)))
    return 2 * total - 3
