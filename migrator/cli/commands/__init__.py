"""One module per group of commands. Each parses, calls the app and hands the value to a view."""
