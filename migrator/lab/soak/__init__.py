"""Many migrations in a row, there and back, under load, while both sides and the outside change at random."""
