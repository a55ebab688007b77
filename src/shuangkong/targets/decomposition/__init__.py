"""目标分解: one target shared out among receivers, so that they and what is kept reproduce it (目标责任制)."""
