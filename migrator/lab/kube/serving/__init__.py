"""From an HTTP request to its answer: who asks, may they, and which verb it is."""
