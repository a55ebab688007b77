"""What an invented site is: an outlet with its logger, or a meter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shuangkong.protocols.hj212.codes import Edition


class Kind(StrEnum):
    """What a site watches."""

    GAS = "gas"
    WATER = "water"
    METER = "meter"


class Manner(StrEnum):
    """What a logger does beside the standard; a site may have several."""

    MODBUS = "modbus"
    MODBUS_SWAPPED = "modbus_swapped"
    LOWER_CHECK = "lower_check"
    NO_TAIL = "no_tail"
    UNPADDED = "unpadded"
    OLD_CODES = "old_codes"
    NO_QN = "no_qn"
    LONG_TIME = "long_time"
    FLAG_FIRST = "flag_first"
    SPLIT = "split"
    RESENDS = "resends"
    GBK = "gbk"
    CIPHER = "cipher"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a site.

    Attributes:
        code: present code.
        base: its usual figure at full load, in ``unit``.
        spread: how far it wanders, as a share of ``base``.
        digits: decimals that the logger knows, in the code table's unit; ``more_digits``: how many more it prints in
            its own unit.
        unit: in which the logger sends it.
        limit: what it is kept below; None: no limit.
        is_pollutant: it has an amount, and (gas) a converted concentration.
        sent_code: what stands on the wire.
        scale: figure sent = figure in the code table's unit × this.
    """

    code: str
    base: float
    spread: float
    digits: int
    unit: str
    limit: float | None = None
    is_pollutant: bool = False
    sent_code: str = ""
    scale: float = 1.0
    more_digits: int = 0

    @property
    def on_wire(self) -> str:
        """The code that is sent."""
        return self.sent_code or self.code


@dataclass(frozen=True, slots=True)
class Site:
    """One site; equal where all is equal, and told apart quickly by its seed.

    Attributes:
        number: its place in the cast, from 0.
        owner: number of the enterprise that it belongs to.
        name: Chinese, and says that it is invented.
        st: system code.
        realtime_s, minute_min: intervals of real-time values and of minute means.
        reference_o2_pct: of gas.
        area_m2: of a stack.
        key: SM4 key, sixteen bytes; empty without cipher.
        power_kw: of a meter.
        scale_kwh: figure at which a meter's counter begins again.
        is_troubled: things go wrong with it.
    """

    number: int
    seed: int
    kind: Kind
    name: str
    mn: str
    st: str
    owner: int
    edition: Edition = Edition.V2017
    password: str = "123456"
    realtime_s: int = 60
    minute_min: int = 10
    factors: tuple[Factor, ...] = ()
    manners: frozenset[Manner] = field(default_factory=frozenset)
    reference_o2_pct: float = 6.0
    area_m2: float = 0.0
    key: bytes = b""
    power_kw: float = 0.0
    scale_kwh: float = 0.0
    is_troubled: bool = False

    def __hash__(self) -> int:
        return hash((self.seed, self.realtime_s, self.minute_min))

    def factor(self, code: str) -> Factor | None:
        """Its factor of a code; None where it has none such."""
        return next((each for each in self.factors if each.code == code), None)

    @property
    def variant(self) -> str:
        """Rule of its check value, of ``protocols.hj212.check.VARIANTS``."""
        if Manner.MODBUS_SWAPPED in self.manners:
            return "modbus_swapped"
        return "modbus" if Manner.MODBUS in self.manners else "hj212"
