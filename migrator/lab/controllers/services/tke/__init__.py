"""TKE's Service controller in small: makes a listener of the lab's CLB what its Service's pods ask for."""
