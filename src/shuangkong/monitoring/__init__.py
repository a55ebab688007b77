"""在线监测: what the readings of outlets, air stations and river sections mean. Pure functions; no framework, no clock.

Two forms of each rule, proven equal by tests: one point with its trace (dataclasses, ``Decimal``), and columns (polars)
for a nation. Contracts that hold in the whole room:

* A **point** is an outlet and a factor; who keeps registers gives it a key. Factors go by the codes of the code table
  (``a21026``), values stand in the canonical unit of that table; gateway and registers convert before.
* ``at`` is the **start** of a period, an aware instant in the zone of the offices: its ``date()`` is the day it counts
  in. Converting to that zone is done once, by whoever calls. In frames it is ``pl.Datetime('ms', zone)``.
* ``None`` (null in frames) is missing. Zero is a value; a stopped source emits zero and is told so by its mark.
* What a document can change is in ``policy/<layer>/monitoring`` and comes in by ``law.MonitoringLaw`` of a day.
"""
