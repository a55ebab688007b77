"""考核问责: score tables, the year of an assessment, what follows from results.

The duty to assess stands in 节约能源法 art. 6 and in the plans themselves (考核、问责、表扬).
"""
