"""线上形式: how tables travel to and from a store of ClickHouse's kind: HTTP, and blocks of columns.

``native`` is bytes ⇄ numpy columns, ``client`` asks over HTTP. Nothing here knows what a reading is.
"""
