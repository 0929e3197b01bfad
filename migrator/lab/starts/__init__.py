"""What a lab holds at the start, by the way that a migration is to take."""
