"""用能月结: what meters used in a month, from the hours of their counters and from hours that were told."""
