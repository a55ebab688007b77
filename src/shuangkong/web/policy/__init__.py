"""适用规定: pages of the law on a day in a place: what is in force, in which layer, on which ground."""
