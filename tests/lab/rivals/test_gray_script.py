"""The founding document's gray script does here what it does as written, mistakes included."""

import os
import subprocess
from pathlib import Path

import pytest

import migrator.lab.rivals as rivals

SCRIPT = Path(rivals.__file__).parent / "gray.sh"


def run(tmp_path: Path, rate: str) -> subprocess.CompletedProcess[str]:
    shims = tmp_path / "shims.sh"
    shims.write_text(f'set_backend_weights() {{ echo "cloud $1:$2"; }}\nget_error_rate() {{ echo "{rate}"; }}\n')
    env = {**os.environ, "INTERVAL": "0", "BASH_ENV": str(shims), "LC_ALL": "C"}
    return subprocess.run(["bash", str(SCRIPT)], env=env, capture_output=True, text=True, timeout=20, check=False)


def test_the_gray_script_says_complete_without_ever_setting_the_old_weight_to_zero(tmp_path: Path) -> None:
    done = run(tmp_path, "0")
    calls = [line for line in done.stdout.splitlines() if line.startswith("cloud")]

    assert (calls[0], calls[-1]) == ("cloud 100:0", "cloud 10:90")
    assert done.stdout.splitlines()[-1] == "Migration complete!"
    assert done.returncode == 0


def test_a_rate_with_a_fraction_never_stops_it(tmp_path: Path) -> None:
    done = run(tmp_path, "2.7")

    assert "integer expression expected" in done.stderr
    assert done.stdout.splitlines()[-1] == "Migration complete!"


def test_the_gray_script_stops_at_a_whole_rate_and_rolls_nothing_back(tmp_path: Path) -> None:
    done = run(tmp_path, "5")

    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("cloud")] == ["cloud 100:0"]


@pytest.mark.parametrize("line", ["OLD_WEIGHT=100", "STEP=10", "while [ $OLD_WEIGHT -gt 0 ]; do", "  sleep $INTERVAL"])
def test_its_lines_are_the_documents(line: str) -> None:
    assert line in SCRIPT.read_text().splitlines()
