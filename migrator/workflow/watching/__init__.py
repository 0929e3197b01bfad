"""The threads that only read, and the board on which they leave what they saw."""
