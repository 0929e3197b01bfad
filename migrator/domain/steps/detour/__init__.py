"""The steps of a detour: the old side is led over temporary node ports, and led back, each a statement about the end."""
