"""The keys that say what a run waits for: its gates, and the hooks that are called before and after steps."""
