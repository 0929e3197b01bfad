"""Find the nginx program of this machine, and say what to do where there is none. It installs nothing."""

import os
import shutil

_ALSO = ("/usr/sbin", "/usr/local/sbin")  # Debian keeps it there, outside the PATH of ordinary users
_REMEDY = "Debian, Ubuntu: apt-get install nginx-light; others: any package of nginx 1.20 or newer"


def path() -> str | None:
    """Return the program's path; None where there is none."""
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_ALSO]))


def missing() -> str:
    """Return why there can be no nginx here, and how to get one; "" where it is there."""
    return "" if path() else f"nginx is not installed ({_REMEDY})"
