"""The checklists of a plan or a run, with what people have ticked."""
