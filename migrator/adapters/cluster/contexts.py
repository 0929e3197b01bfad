"""Which context a kubeconfig chooses by itself: its name, so that a plan file can say it. No user and no server is read."""

from __future__ import annotations

from migrator.adapters.cluster.credentials import usual_place


def current_context(kubeconfig: str | None) -> str | None:
    """Give the name; None where there is no kubeconfig, or it names none."""
    from kubernetes.config import ConfigException
    from yaml import YAMLError

    from migrator.adapters.cluster.login import Loader

    try:
        found = Loader.chosen(usual_place(kubeconfig))
    except (ConfigException, OSError, YAMLError, ValueError):
        return None
    return found if isinstance(found, str) and found else None
