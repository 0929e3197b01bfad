"""A new side that stands already: what of it the plan reads, and what follows from that."""
