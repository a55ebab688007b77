"""方案公文: duty lists, supervision bulletins, responsibility letters and minutes, pure functions of frozen values."""
