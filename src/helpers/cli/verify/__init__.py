"""`make verify`: the book twice, in two places and under different conditions, and beside what is committed."""
