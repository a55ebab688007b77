"""考核问责的公文: what is announced of those who did well."""
