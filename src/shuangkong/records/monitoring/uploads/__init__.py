"""用能单位上传: access ends of key energy users, what each said it would send, and what it sent."""
