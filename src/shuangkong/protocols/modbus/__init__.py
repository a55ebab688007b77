"""Modbus 寄存器: which words of an analyser or a meter hold which value. Framing and lines are pymodbus's.

``registers`` reads words that somebody else fetched; the collector of the gateway fetches them.
"""

from shuangkong.protocols.modbus.registers import Coded, Order, Register, Span, answered, read, spans

__all__ = ["Coded", "Order", "Register", "Span", "answered", "read", "spans"]
