"""读入: reads the evidence log from a bookmark on and puts what its frames tell into the readings store.

``consumer`` is the loop, ``keeping`` what it remembers between batches, ``filing`` columns of a protocol → readings of
points, ``units`` their units, ``apart`` what cannot be taken, ``gaps`` which periods lack. What is read twice is
stored once.
"""
