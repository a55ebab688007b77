"""考核问责: what follows from results. The duty to commend stands in the plans themselves (表扬、表彰奖励)."""
