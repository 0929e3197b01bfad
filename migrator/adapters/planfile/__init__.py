"""The plan file: YAML with line numbers, a strict schema, and the Spec it becomes."""
