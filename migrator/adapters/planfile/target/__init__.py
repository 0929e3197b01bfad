"""What a plan file says of the new side."""
