"""预警触发: the three triggers that plans name beside levels of figures: quality, key projects, measures."""
