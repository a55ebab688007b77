"""减排台账: bases, reductions that are reported, checked, reviewed and recognised, and what they come to."""
