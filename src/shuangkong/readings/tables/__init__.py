"""库表: what tables a store has, and the statements that make them, embedded or on a cluster.

``shape`` names columns and types, the same everywhere; ``embedded`` and ``cluster`` differ in engines and codecs only.
"""
