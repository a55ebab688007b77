"""表彰: who is proposed for praise or reward, on which ground, and what became of it."""
