"""The steps that somebody else answers: a person who says yes, or a hook of the plan that succeeds."""
