"""HJ 212 污染物在线监控（监测）系统数据传输标准: the editions of 2005, 2017 and 2025 on one port.

``frame`` finds frames in a stream, ``message`` reads one, ``columns`` reads many, ``packets`` puts split ones
together, ``encode`` writes them, ``exchanges`` says what answers what, ``sm4`` opens enciphered data areas. Nothing
here opens a socket or asks the clock.
"""
