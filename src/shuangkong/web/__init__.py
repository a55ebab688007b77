"""网页: what people see. ``site`` is the frame, beside it a folder a word; views decide nothing."""
