"""DL/T 645 多功能电能表通信协议: frames of electricity meters in the editions of 2007 and 1997, read and written.

No I/O: whoever holds the line hands bytes in. ``frame`` finds and wraps, ``registers`` says what the data items are.
"""

from shuangkong.protocols.dlt645.frame import BROADCAST, Control, Finder, Frame, wrap
from shuangkong.protocols.dlt645.registers import Answer, Edition, Refusal, Register, ask, read

__all__ = [
    "BROADCAST",
    "Answer",
    "Control",
    "Edition",
    "Finder",
    "Frame",
    "Refusal",
    "Register",
    "ask",
    "read",
    "wrap",
]
