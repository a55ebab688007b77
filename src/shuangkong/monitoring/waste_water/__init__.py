"""废水计算: flow by slices, weighted means, amounts. Points and columns agree."""
