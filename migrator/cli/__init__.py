"""The command line: parse, call the app, hand the value to a view. No command prints by itself."""
