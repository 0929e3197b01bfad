"""What there is to say, as codes and values: messages, findings, errors. Nothing here knows a language."""
