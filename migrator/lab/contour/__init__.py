"""Contour in small: the server of its Envoys' configuration, and what the containers of its pods run."""
