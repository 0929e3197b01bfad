"""A first plan file."""
