"""双控: runs a government's energy-saving and emission-reduction plan as one system (节能减排综合工作方案)."""
