"""考核问责: what is remembered of commendations."""
