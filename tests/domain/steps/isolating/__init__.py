"""The steps of a single pod."""
