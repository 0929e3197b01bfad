# What the founding document's script calls and does not define. Sourced by bash before the script runs.

set_backend_weights() { "$LAB_PYTHON" -m migrator.lab.rivals.console --net "$LAB_NET" --old "$1" --new "$2"; }

# A rate as monitoring gives it, in percent with a fraction: exactly what `[ ... -gt 1 ]` cannot compare.
get_error_rate() { echo "0.0"; }
