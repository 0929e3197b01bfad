"""Chinese: what people are told who do not watch a run, by letters and by pages."""
