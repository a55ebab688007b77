"""任务督办: pages on what is owed, by whom, by when; each act is one form."""
