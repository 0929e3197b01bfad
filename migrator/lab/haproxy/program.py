"""Find the HAProxy program of this machine, and say what to do where there is none that fits. It installs nothing."""

import os
import re
import shutil
import subprocess

OLDEST = (2, 6)
_ALSO = ("/usr/sbin", "/usr/local/sbin")  # Debian keeps it there, outside the PATH of ordinary users
_REMEDY = "Debian, Ubuntu: apt-get install haproxy; others: any package of HAProxy 2.6 or newer"


def path() -> str | None:
    """Return the program's path; None where there is none."""
    return shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_ALSO]))


def missing() -> str:
    """Return why there can be no HAProxy here, and how to get one; "" where it is there and new enough.

    Servers with health checks can be added at runtime since 2.6 (HAProxy's changelog).
    """
    if (haproxy := path()) is None:
        return f"haproxy is not installed ({_REMEDY})"
    output = subprocess.run([haproxy, "-v"], capture_output=True, text=True, timeout=10, check=False).stdout
    version = re.search(r"version (\d+)\.(\d+)", output)
    if version is None:
        return f"{haproxy} does not say its version ({_REMEDY})"
    if (int(version[1]), int(version[2])) < OLDEST:
        return f"{haproxy} is {version[0]}; 2.6 or newer is needed ({_REMEDY})"
    return ""
