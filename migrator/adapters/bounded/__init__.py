"""One call, one deadline, one size: what holds every client of ours, whichever library it speaks through."""
