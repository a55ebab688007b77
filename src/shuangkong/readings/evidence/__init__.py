"""原始报文: every byte that a device sent, kept as it came, in files that only grow; a figure leads back to its place.

``Log`` writes and ``Evidence`` reads, in one process or two. A place is ``Address(segment, offset)`` and never moves.
Files, all in one folder: ``<number>.log`` (a segment: its header, then records), ``durable`` (how far a machine that
loses its power keeps them), ``lock`` (one writer at a time). Their format stands in ``record`` and in docs/gateway.md.
"""

from shuangkong.readings.evidence.log import Log, NoRoom
from shuangkong.readings.evidence.reading import Damage, Evidence, NoEvidence
from shuangkong.readings.evidence.record import Address, Kind, Record
from shuangkong.readings.evidence.retention import expire

__all__ = ["Address", "Damage", "Evidence", "Kind", "Log", "NoEvidence", "NoRoom", "Record", "expire"]
