"""Chinese: the bodies of `--help`, loaded for it alone. A command or an option that has none fails a test."""
