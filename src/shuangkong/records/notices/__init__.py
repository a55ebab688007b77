"""通知和签收 (notices): what bodies are told officially, urgent or not, and who has acknowledged it."""
