"""数据采集器: what stands at a key energy user: polls its meters, keeps what they showed, uploads to its platforms.

``plan`` is its settings, ``polling`` fetches, ``amounts`` makes hours, days and months of counters, ``keeping`` holds
everything for half a year and more, ``forwarding`` sends each figure to each centre until it is accepted.
"""
