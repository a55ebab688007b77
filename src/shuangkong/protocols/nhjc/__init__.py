"""重点用能单位能耗在线监测: the upload of key energy users to their platform (NECC-NHJC, GB/T 37947), both sides.

Register → version → configuration → data, as JSON over HTTPS. No I/O: ``messages`` reads what came and writes what
goes, ``session`` says what a client sends next, ``profile`` what a province does in a way of its own.
"""

from shuangkong.protocols.nhjc.codes import ItemCode, read_code
from shuangkong.protocols.nhjc.messages import Configuration, Item, Meant, Upload, Wrong
from shuangkong.protocols.nhjc.profile import Profile

__all__ = ["Configuration", "Item", "ItemCode", "Meant", "Profile", "Upload", "Wrong", "read_code"]
