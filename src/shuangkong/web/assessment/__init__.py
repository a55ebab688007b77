"""考核问责: pages of commendations."""
