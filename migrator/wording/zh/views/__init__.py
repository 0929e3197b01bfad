"""Chinese: what the views for people say around the facts, and their labels."""
