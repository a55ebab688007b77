"""报表: forms as the policy lays them down, with their tables, fields, versions and local additions."""
