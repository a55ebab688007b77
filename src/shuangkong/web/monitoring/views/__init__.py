"""在线监测各页: one module a page."""
