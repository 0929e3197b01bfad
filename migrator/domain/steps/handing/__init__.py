"""The steps of a side that somebody else makes: it is there as the plan saw it, and it is handed over in the end."""
