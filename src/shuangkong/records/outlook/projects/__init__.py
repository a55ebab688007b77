"""重点工程台账 (key projects): what was registered, assigned, dispatched, proven and linked; every word is kept."""
