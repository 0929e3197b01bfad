"""The demonstration: a whole migration under load by the production command line, with the account of every request."""
