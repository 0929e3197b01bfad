"""In-memory ports with real behaviour. Each can be told to fail, to be slow, or to die, before or after it acts."""
