"""What people who watch are shown."""
