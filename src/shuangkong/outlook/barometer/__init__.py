"""晴雨表: which level somebody stands at in a period, by the rule of its day (各地区节能目标完成情况晴雨表)."""
