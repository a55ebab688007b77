"""公共建筑能耗监测: the link between a building's collector and its data centre, and the files that centres exchange.

Messages are XML, data areas may be enciphered (AES), a collector proves itself by MD5 over a challenge. The layout of
the messages is not confirmed against the guides (2009): ``docs/methods/building_energy.md`` says what is known of it.
No I/O.
"""

from shuangkong.protocols.building.messages import Heartbeat, Report, Validation, Wrong, read, write
from shuangkong.protocols.building.packets import Finder, wrap

__all__ = ["Finder", "Heartbeat", "Report", "Validation", "Wrong", "read", "wrap", "write"]
