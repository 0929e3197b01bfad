"""English: what the views for people say around the facts."""
