"""晴雨表 (barometer): every issue as it was signed and published, and what was done about it."""
