"""Trying the judge on what has been: its own code over past data, so that limits can be tuned before they decide anything."""
