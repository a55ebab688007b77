"""日志: what was decided and changed, by whom, for whom, on what ground; append-only and hash-chained."""
