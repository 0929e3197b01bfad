"""How objects are read: lists, watches, tables."""
