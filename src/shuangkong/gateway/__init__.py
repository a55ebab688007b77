"""采集网关: whatever goes out to, or comes in from, other systems by itself; it decides nothing."""
