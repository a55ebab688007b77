"""地表水断面: the class of a section by its worst factor, against its target; months and years."""
