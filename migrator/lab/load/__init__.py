"""A constant mixed load on one address, and a strict account of every request. It never retries and never rounds."""
