"""网页: what people see. ``site`` is the frame, beside it a folder a word; views turn rows into pages and decide nothing."""
