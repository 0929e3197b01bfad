"""What programs read: versioned JSON values with names of their own. A key is never taken away."""
