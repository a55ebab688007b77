"""重点用能单位责任清单: what a key energy user has to have in place, as lists, registers and returns say."""
