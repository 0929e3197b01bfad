"""The values of the domain: frozen, without behaviour beyond reading themselves. Nothing here decides."""
