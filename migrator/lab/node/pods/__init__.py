"""One pod: its containers in order, its status, and what the API server is told of it."""
