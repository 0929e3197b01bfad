"""Chinese: what helps a person to begin: examples of every command, and the words of those that show the program itself."""
