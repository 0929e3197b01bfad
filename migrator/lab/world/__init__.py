"""The world on one machine: its addresses, its parts, what is in it at the start, and the supervisor that keeps it."""
