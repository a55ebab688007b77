"""联网直报的页面: what I owe, the form, review and approval, windows, the file of a unit."""
