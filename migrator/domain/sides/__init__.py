"""The sides while they live: slots and who fills them, their weights, whether they are fit, and the way back. Pure."""
