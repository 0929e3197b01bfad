"""Which fields an object of a built-in kind may have, and of which type, as the installed client's models say it.

It changes nothing but what `strictness` drops; rules about values are in `rules`."""
