"""Fetching what meters show: DL/T 645 through a serial server, Modbus TCP by pymodbus; one meter at a time.

Each value bears the moment when its answer came, not the one when it was due: on a long line they lie apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from shuangkong.gateway.collector.plan import Meter
from shuangkong.protocols import dlt645, modbus

#: Seconds that a meter has for one answer; how often it is asked.
PATIENCE, TRIES = 3.0, 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one poll of a meter gave: (item code, when it came, figure), and why the others are missing."""

    values: tuple[tuple[str, datetime, Decimal], ...]
    reasons: tuple[str, ...]


async def fetch(meter: Meter, clock: Callable[[], datetime], patience: float = PATIENCE) -> Fetched:
    """Polls a meter once; ``clock`` gives local time. Never raises for what the line or the meter does."""
    ask = _fetch_modbus if meter.is_modbus else _fetch_dlt645
    try:
        return await ask(meter, clock, patience)
    except (OSError, TimeoutError, ModbusException) as fault:
        return Fetched((), (f"{meter.host}:{meter.port}：{type(fault).__name__} {fault}"[:200],))


async def _fetch_dlt645(meter: Meter, clock: Callable[[], datetime], patience: float) -> Fetched:
    reader, writer = await asyncio.wait_for(asyncio.open_connection(meter.host, meter.port), patience)
    values, reasons = [], []
    try:
        for item in meter.items:
            told: dlt645.Answer | dlt645.Refusal | None = None
            for _ in range(TRIES):
                writer.write(dlt645.ask(meter.address, item.name, meter.edition))
                told = await _answer(reader, meter, patience)
                if told is not None:
                    break
            if isinstance(told, dlt645.Answer) and told.register.name == item.name:
                values.append((item.code.plain, clock(), told.value * item.factor))
            elif isinstance(told, dlt645.Refusal):
                reasons.append(f"{item.name}：{'；'.join(told.reasons)}")
            else:
                reasons.append(f"{item.name}：{TRIES} 次无应答 no answer")
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return Fetched(tuple(values), tuple(reasons))


async def _answer(reader: asyncio.StreamReader, meter: Meter, patience: float) -> dlt645.Answer | dlt645.Refusal | None:
    """The next answer of that meter; None where it keeps silent."""
    finder = dlt645.Finder()
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while data := await reader.read(512):
                for frame in finder.feed(data):
                    if frame.is_answer and frame.address == meter.address:
                        return dlt645.read(frame, meter.edition)
    return None


async def _fetch_modbus(meter: Meter, clock: Callable[[], datetime], patience: float) -> Fetched:
    registers = [item.register for item in meter.items if item.register is not None]
    client = AsyncModbusTcpClient(meter.host, port=meter.port, timeout=patience, retries=TRIES)
    words: dict[bool, dict[int, int]] = {True: {}, False: {}}
    came: dict[tuple[bool, int], datetime] = {}
    reasons = []
    try:
        if not await client.connect():
            return Fetched((), (f"{meter.host}:{meter.port}：连接不上 not reached",))
        for span in modbus.spans(registers):
            read = client.read_input_registers if span.is_input else client.read_holding_registers
            told = await read(span.address, count=span.count, device_id=meter.station)
            asked = f"{span.address}…{span.address + span.count - 1}"
            if told.isError():
                reasons.append(f"{asked}：{told}"[:200])
                continue
            came_of_it = modbus.answered(span, told.function_code, told.registers)
            if came_of_it is None:
                reasons.append(
                    f"{asked}：应答的功能码是 {told.function_code}，{len(told.registers)} 个字；"
                    f"要的是 {span.function}，{span.count} 个"
                    f" answered by function {told.function_code} with {len(told.registers)} words"
                )
                continue
            words[span.is_input] |= came_of_it
            came |= dict.fromkeys(((span.is_input, span.address + at) for at in range(span.count)), clock())
    finally:
        client.close()
    values = []
    for item in meter.items:
        if item.register is None:
            continue
        value = modbus.read(item.register, words[item.register.is_input])
        if value is None:
            reasons.append(f"{item.name}：寄存器里没有数 no number in its registers")
        else:
            at = came[item.register.is_input, item.register.address]
            values.append((item.code.plain, at, value * item.factor))
    return Fetched(tuple(values), tuple(reasons))
