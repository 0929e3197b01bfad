"""How values look on disk: tags, JSON of dataclasses, seals. It opens nothing."""
