"""提醒的页面: what I am told, by which channels, and the calendar I subscribe to."""
