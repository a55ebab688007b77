"""名录: pages of enterprises, for whoever registers them and for the people who report for one."""
