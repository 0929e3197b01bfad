"""Single keys on the one screen: which are legal, what a press does, and the terminal that they are read from."""
