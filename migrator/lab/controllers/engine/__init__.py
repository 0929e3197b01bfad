"""What runs the pure controllers: caches, the loop, and the writes that are carried out."""
