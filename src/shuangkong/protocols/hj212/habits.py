"""What real devices do that the standard does not say: each has a name, and is survived and told, never dropped in
silence.

A habit is not an error of its own: it lets the office see which devices need a new firmware, and lets a reader judge
what a frame is worth. Names are kept in profiles and statistics; they are never reused.
"""

from __future__ import annotations

from shuangkong.core.finding import Message

# What the frame finder sees.
CHECK_LOWER = "check_lower"
CHECK_MODBUS = "check_modbus"
CHECK_MODBUS_SWAPPED = "check_modbus_swapped"
CHECK_CCITT = "check_ccitt"
CHECK_WRONG = "check_wrong"
LENGTH_UNPADDED = "length_unpadded"
LENGTH_WRONG = "length_wrong"
OVERSIZE = "oversize"
TAIL_MISSING = "tail_missing"
TAIL_SHORT = "tail_short"
TAIL_EXTRA = "tail_extra"

# What the reader of a message sees.
NO_QN = "no_qn"
QN_ODD = "qn_odd"
NO_FLAG = "no_flag"
FLAG_ODD = "flag_odd"
MN_ODD = "mn_odd"
PW_LONG = "pw_long"
ST_ODD = "st_odd"
COMMAND_UNKNOWN = "command_unknown"
PACKET_ORDER = "packet_order"
PACKET_UNMARKED = "packet_unmarked"
HEAD_COMMA = "head_comma"
HEAD_BROKEN = "head_broken"
CP_OPEN = "cp_open"
FIELD_BROKEN = "field_broken"
FIELD_CASE = "field_case"
FIELD_UNKNOWN = "field_unknown"
FIELD_ORDER = "field_order"
FIELD_STRAY = "field_stray"
FIELD_TWICE = "field_twice"
TRAILING_SEPARATOR = "trailing_separator"
SPACES = "spaces"
VALUE_EMPTY = "value_empty"
VALUE_ODD = "value_odd"
FLAG_UNKNOWN = "flag_unknown"
TIME_LONG = "time_long"
TIME_ODD = "time_odd"
TIME_MISSING = "time_missing"
CODE_OLD = "code_old"
CODE_UNKNOWN = "code_unknown"
UNIT_DEVICE = "unit_device"
TEXT_GBK = "text_gbk"
TEXT_DAMAGED = "text_damaged"
SENTINEL = "sentinel"
ENCIPHERED = "enciphered"
PACKET_LOST = "packet_lost"
PACKET_TWICE = "packet_twice"

HABITS: dict[str, Message] = {
    CHECK_LOWER: Message("校验码用小写字母", "check value in lower case"),
    CHECK_MODBUS: Message("校验码按 Modbus CRC16 算（高字节在前）", "check value is Modbus CRC-16, high byte first"),
    CHECK_MODBUS_SWAPPED: Message(
        "校验码按 Modbus CRC16 算（低字节在前）", "check value is Modbus CRC-16, low byte first"
    ),
    CHECK_CCITT: Message("校验码按 CRC-CCITT 算", "check value is CRC-CCITT"),
    CHECK_WRONG: Message("校验码不符，已知的几种算法都不符", "check value fits no known rule"),
    LENGTH_UNPADDED: Message("长度不足四位或用空格补位", "length with fewer than four digits or padded with blanks"),
    LENGTH_WRONG: Message("长度与数据段不符，按结尾找到", "length differs from the data segment; found by its end"),
    OVERSIZE: Message("数据段超过 1024 字节", "data segment of more than 1,024 bytes"),
    TAIL_MISSING: Message("帧尾没有回车换行", "no CR LF after the check value"),
    TAIL_SHORT: Message("帧尾只有回车或换行之一", "only CR or only LF after the check value"),
    TAIL_EXTRA: Message("帧尾有多余的回车换行或空白", "more white space than one CR LF after the check value"),
    NO_QN: Message("没有请求编码 QN", "no request number QN"),
    QN_ODD: Message("QN 不是 17 位时间", "QN is no time of 17 digits"),
    NO_FLAG: Message("没有 Flag", "no Flag"),
    FLAG_ODD: Message("Flag 不是 0–255 的整数或版本位未知", "Flag is no integer 0–255, or of an unknown edition"),
    MN_ODD: Message("设备标识 MN 不是该版规定的形式", "device id MN is not of its edition's form"),
    PW_LONG: Message("密码 PW 不是 6 位", "password PW is not of 6 characters"),
    ST_ODD: Message("系统编码 ST 不在表中", "system code ST is not in the table"),
    COMMAND_UNKNOWN: Message("命令编码 CN 不在表中", "command code CN is not in the tables"),
    PACKET_ORDER: Message("PNO 写在 PNUM 之前", "PNO before PNUM"),
    PACKET_UNMARKED: Message("分包而 Flag 的 D 位未置", "split, but bit D of Flag is not set"),
    HEAD_COMMA: Message("数据段首部用逗号分隔", "a comma where a semicolon parts the head"),
    HEAD_BROKEN: Message("数据段首部有不能读的部分", "a part of the head cannot be read"),
    CP_OPEN: Message("数据区没有以 && 起止", "the data area does not start and end with &&"),
    FIELD_BROKEN: Message("数据区有不能读的部分", "a part of the data area cannot be read"),
    FIELD_CASE: Message("字段名大小写与标准不同", "the name of a field in other case than the standard's"),
    FIELD_UNKNOWN: Message("字段名不在表中，原样保存", "the name of a field is not in the table; kept as sent"),
    FIELD_ORDER: Message("标记写在数值之前", "the flag stands before the value"),
    FIELD_STRAY: Message("有不属于任何因子的标记", "a flag that belongs to no factor"),
    FIELD_TWICE: Message("同一字段出现两次而值不同", "a field twice with different values"),
    TRAILING_SEPARATOR: Message("有多余的分隔符", "an empty item between separators"),
    SPACES: Message("数据区有空格", "spaces in the data area"),
    VALUE_EMPTY: Message("数值为空，按缺测处理", "an empty value, taken as missing"),
    VALUE_ODD: Message("数值不是数，留作文字", "a value that is no number, kept as text"),
    FLAG_UNKNOWN: Message("数据标记不在表中", "a data flag that is not in the table"),
    TIME_LONG: Message("时间多于 14 位，取前 14 位", "a time of more than 14 digits, cut to 14"),
    TIME_ODD: Message("时间不成立", "a time that is no time"),
    TIME_MISSING: Message("数据没有 DataTime", "data without DataTime"),
    CODE_OLD: Message("使用旧版因子代码，已换成现行代码", "factor codes of the first edition, renamed"),
    CODE_UNKNOWN: Message("因子代码不在表中，原样保存", "a factor code that is not in the table, kept as sent"),
    UNIT_DEVICE: Message("该旧代码的单位须逐台核实", "the unit of this old code must be asked of each device"),
    TEXT_GBK: Message("文字用 GBK 编码", "text in GBK"),
    TEXT_DAMAGED: Message("文字有不能解码的字节", "text with bytes that cannot be decoded"),
    SENTINEL: Message(
        "数值为表示无法折算的最大值，按缺测处理",
        "the largest value of its type: could not be converted, taken as missing",
    ),
    ENCIPHERED: Message("数据区是密文，没有可用的密钥", "the data area is enciphered and no key opens it"),
    PACKET_LOST: Message(
        "分包没有到齐，按已到的包保存", "not every packet of a split message came; kept as far as it came"
    ),
    PACKET_TWICE: Message(
        "同一分包到了两次而内容不同", "a packet of a split message came twice with different content"
    ),
}
