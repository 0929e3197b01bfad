"""The steps that prove the new side before it gets traffic, beside those that wait for its pods."""
