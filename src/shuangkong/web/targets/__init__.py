"""目标: pages on targets: how the plan is going, one target, loading actual figures."""
