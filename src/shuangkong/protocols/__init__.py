"""Protocols 通信协议: bytes to events and back, without socket, clock or file. One folder a protocol; the gateway's
listeners stand around them.
"""
