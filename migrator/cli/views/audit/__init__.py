"""The selector audit as it is shown: a table for people, values for programs, and the commands that both of them name."""
