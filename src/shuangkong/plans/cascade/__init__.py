"""上下级衔接: a plan held against the plan above it or before it, target by target and measure by measure."""
