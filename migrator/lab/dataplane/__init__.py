"""The data plane: forwards TCP byte streams. It knows nothing of any cloud's API."""
