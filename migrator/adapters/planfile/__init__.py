"""The plan file: YAML with line numbers, a strict schema, and the Spec it becomes."""

API_VERSION = "migrator/v1"
"""The plan file's form: what stands in its key `apiVersion`."""
