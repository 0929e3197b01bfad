"""The steps of a restart: the template is written, and node after node is taken out, renewed, proved and put back."""
