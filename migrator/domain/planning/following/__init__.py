"""The plans of followers: of a run that has completed, or of a gateway that stands, by its plan file alone."""
