"""What is shown while something goes on: a panel or lines of a run, a status that is watched."""
