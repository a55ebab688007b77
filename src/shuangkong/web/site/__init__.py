"""网站框架: the frame of every page: settings, addresses, place and period, tables, the words of both languages."""
