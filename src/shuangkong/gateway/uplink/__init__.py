"""转报: passing on what units uploaded to this site to platforms above it, each figure until it is accepted.

``taking`` brings figures of the site into a unit's own file, ``visiting`` sends them as that unit, ``running`` does
both again and again. The file and the sending are the collector's (``gateway.collector``).
"""
