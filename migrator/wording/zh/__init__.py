"""Chinese: the texts of every code, as an SRE says them: what happened, what it means for traffic, what to do next."""
