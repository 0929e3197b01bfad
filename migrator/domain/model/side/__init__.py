"""What a plan says of each of its sides."""
