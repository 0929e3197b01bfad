"""Carrying out runs, following their nodes, and asking a running process for something."""
