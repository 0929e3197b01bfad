"""A report as a page that one can file: the same facts as on the terminal, as Markdown or as one HTML file without network."""
