"""数据有效性: marks decided between device, rules and people; which hours, days, months, quarters hold, and why not."""
