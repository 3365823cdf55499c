"""One generator for all covers, told what a cover is to be: its set, its year, a column's value."""
