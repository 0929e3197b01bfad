"""The step that looks after the DaemonSet's nodes once the run is over."""
