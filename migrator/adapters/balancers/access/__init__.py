"""How any cloud's API is reached: one call over HTTP in our words, and where credentials come from. No vendor is named."""
