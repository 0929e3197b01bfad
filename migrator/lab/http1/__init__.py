"""HTTP/1.1 for the lab, on h11: a small server, a client that asks once, and a reader of responses.

Nothing else in the lab parses HTTP/1.1. It never closes an idle connection first, so that a client that uses one again
loses no race against it.
"""
