"""预警调控 (response): what a warning started, its duties as tasks, how it was followed, lowered and lifted."""
