"""What the domain asks of the outside and of its memory, as protocols. Nothing here is an implementation."""
