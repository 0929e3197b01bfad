"""What a plan rests on, and what of it has moved since. Pure."""
