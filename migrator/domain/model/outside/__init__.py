"""What others write, as text: JSON and numbers read within bounds, and what a URL says. It asks nobody."""
