"""The ways in which people move a gateway without migrator, so that what they lose can be counted."""
