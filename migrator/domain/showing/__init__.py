"""What people who watch are shown, worked out of what was seen: rows of backends, how long answers take. No rule reads it."""
