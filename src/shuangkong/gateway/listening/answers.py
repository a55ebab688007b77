"""应答: the frames 9014 and 9013 that tell a device its data, or its notice, is kept (HJ 212-2017 6.5, table 9)."""

from __future__ import annotations

from shuangkong.gateway.listening.head import Head
from shuangkong.protocols.hj212.frame import wrap

DATA_ANSWER = b"9014"
NOTICE_ANSWER = b"9013"
#: Commands of devices that are notices: identity of the logger, time calibration wanted, heartbeat. Their sender waits
#: for nothing else: they are answered in any case. A test holds them against the code list.
NOTICES = frozenset({b"1001", b"1013", b"9015"})
#: What devices answer to us; nothing is answered to those.
ANSWERS = frozenset({b"9011", b"9012", b"9013", b"9014"})
_REST = b";ST=91;CN=%b;PW=%b;MN=%b;Flag=%d;CP=&&%b&&"
_READY = b"QnRtn=1"


def rest_of_answer(head: Head, *, says_ready: bool) -> bytes | None:
    """What stands in the acknowledgement behind the request number; None where none is wanted or none is due."""
    is_notice = head.cn in NOTICES
    if not (head.wants_answer or is_notice) or head.cn in ANSWERS:
        return None
    command = NOTICE_ANSWER if is_notice else DATA_ANSWER
    return _REST % (command, head.pw, head.mn, head.answer_flag, _READY if says_ready else b"")


def answer_to(head: Head, *, says_ready: bool) -> bytes | None:
    """The acknowledgement of a frame, as bytes to send; None where none is wanted or none is due."""
    rest = rest_of_answer(head, says_ready=says_ready)
    return None if rest is None else wrap(b"QN=%b%b" % (head.qn, rest))
