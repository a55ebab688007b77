"""用能空间账 (headroom): projects that were approved and do not run yet, and what is kept in reserve."""
