"""计量器具读数归一: from what counters show to what each hour used, over swaps, rollovers, resets and gaps.

``counter`` is one meter with the reason of each step, ``columns`` all meters of a province; tests prove them equal.
"""
