"""English: why pages or measures cannot be served."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "view.serving": "Serving {what:word served} at {url}. Ctrl-C ends it; no run is affected.",
    "serve.no-address": "{option} needs an address and a port like 127.0.0.1:{port}, not '{given}'. Nothing is served."
    " Write it like that.",
    "serve.no-certificate": "Certificate {certificate} and key {key} cannot be used ({why}). The key must "
    "belong to the certificate and have no password.",
    "serve.half-certificate": "--certificate and --key go together: each without the other is of no use.",
    "serve.no-token": "{host} can be reached from other machines, and the environment variable {variable} has no token of at "
    "least {least} characters. Nothing is served. Set one, or listen on 127.0.0.1.",
    "serve.short-token": "The token in {variable} has less than {least} characters. Nothing is served."
    " Set a longer one.",
    "serve.not-bound": "{host}:{port} cannot be listened on: {why}. Nothing is served; no run is affected.",
    "serve.no-client": "The package prometheus-client is not installed: install `migrator[[metrics]]`. Nothing is measured; no "
    "run is affected.",
    "serve.not-written": "The measures cannot be written to {file}: {why}. Nothing was changed.",
}
