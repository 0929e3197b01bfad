"""Chinese: why something could not be done, by who says it."""
