"""What helps to type a command: headings and errors of usage in a language, and the word that was probably meant."""
