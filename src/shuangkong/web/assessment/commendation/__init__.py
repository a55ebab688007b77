"""表彰: who was commended, who is proposed, what waits for whom."""
