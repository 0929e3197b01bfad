"""Commands that tell people outside of runs, or let them look."""
