"""核查案件：whatever happens to a case of verification, kept for good."""
