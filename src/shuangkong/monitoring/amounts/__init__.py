"""排放量: hours measured, substituted, stopped or open; days, months, quarters and years of them, each explained."""
