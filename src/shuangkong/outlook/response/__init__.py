"""预警调控: what a level starts, how it is followed, and what lowers or lifts it (预警调控方案)."""
