"""The API's vocabulary: kinds, documents, selectors and refusals. It holds no objects."""
