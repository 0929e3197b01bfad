"""A running lab: its parts, what is in it at the start, and the supervisor that keeps it."""
