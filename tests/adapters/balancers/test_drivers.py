"""The table of drivers: every line leads to a whole driver, which declares all that it does. A half-made one is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers import DRIVERS, clouds, driver_of, profile_of
from migrator.adapters.balancers.codes import EVERY_DRIVER
from migrator.domain.balancers.profile import UNDECLARED, BalancerProfile
from migrator.domain.messages.errors import UsageError
from migrator.wording.catalogue import catalogue, of_packages
from tests.domain.planning.checks.test_all import documented
from tests.wording.languages import EVERY_LANGUAGE
from tests.wording.used import uses
from tests.words import refused

ROOT = Path(__file__).parents[3]
SHARED = {"permission.no-answer", "permission.answer", "subject.server-group", "subject.target-group"}
FAMILIES = ("driver.", "process.", "cloud.", "credentials.")
"""What the house itself says of every balancer, and of an error that several drivers have; a driver may use it."""

BORROWED = {"tke": "tencent", "aliyun-clb": "aliyun", "aliyun-nlb": "aliyun"}
"""Drivers that report findings of another package too."""


def made_by(package: str) -> set[str]:
    """Give the codes of the findings that a package makes."""
    folder = "/".join(package.split(".")[1:])
    return {
        use.code.partition(":")[0] for use in uses() if use.is_finding and Path(use.where).parent.as_posix() == folder
    }


@pytest.mark.parametrize("provider", DRIVERS)
def test_a_driver_declares_every_finding_that_it_makes_and_no_other(provider: str) -> None:
    packages = [DRIVERS[provider]]
    if provider in BORROWED:
        packages.append(f"migrator.adapters.balancers.{BORROWED[provider]}")
    made = {code for package in packages for code in made_by(package)} - EVERY_DRIVER.keys()

    assert set(profile_of(provider).codes) == made


@pytest.mark.parametrize("provider", DRIVERS)
def test_every_code_of_a_driver_says_what_it_means_and_stands_in_the_docs(provider: str) -> None:
    codes = profile_of(provider).codes

    assert all(len(meaning.split()) >= 3 for meaning in codes.values())
    assert codes.keys() <= documented()


@pytest.mark.parametrize("provider", DRIVERS)
def test_a_drivers_page_is_there_and_names_its_provider_and_every_option(provider: str) -> None:
    profile = profile_of(provider)
    page = (ROOT / profile.page).read_text(encoding="utf-8")

    assert provider in page
    assert [name for name in profile.options if name not in page] == []
    assert profile.page in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_domain_names_no_provider_and_no_cloud() -> None:
    words = {*DRIVERS, *(cloud.controller.name.lower() for cloud in clouds())} - {"exec"}
    words |= {"alibaba", "amazon", "azure", "clb", "eks", "elbv2", "google", "nlb", "qcloud", "targetgroupbinding"}
    pattern = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(words))})(?![a-z])", re.IGNORECASE)
    files = (ROOT / "migrator" / "domain").rglob("*.py")
    texts = {path.name: path.read_text(encoding="utf-8").replace("ACK ERROR", "") for path in files}  # istiod's, of xDS
    named = {name: found for name, text in texts.items() if (found := pattern.findall(text))}

    assert named == {}


def test_a_controller_either_keeps_off_or_has_a_remedy() -> None:
    controllers = [cloud.controller for cloud in clouds()]

    assert all((one.keep_off is None) == bool(one.remedy) for one in controllers)
    assert len({one.name for one in controllers}) == len(controllers) == 3


def test_what_all_drivers_declare_is_known_without_loading_one() -> None:
    code = (
        "import sys; from migrator.adapters.balancers import DRIVERS, clouds, profile_of; clouds();"
        "[profile_of(name) for name in DRIVERS];"
        "print([name for name in sys.modules if name in ('httpx', 'kubernetes') or name.endswith('.driver')])"
    )

    assert printed(code) == "[]"


def test_a_drivers_words_are_read_without_loading_it() -> None:
    code = (
        "import sys; from migrator.wording.catalogue import catalogue; found = catalogue('en');"
        "print(bool(found.text('balancer.tke-unproven')), bool(found.text('aws.controller')));"
        "print([name for name in sys.modules if name in ('httpx', 'kubernetes') or name.endswith('.driver')])"
    )

    assert printed(code) == "True True\n[]"


def test_a_finding_of_the_house_is_rendered_without_the_drivers() -> None:
    code = (
        "import sys; from migrator.wording.catalogue import catalogue; catalogue('en').text('ports.taken');"
        "print([name for name in sys.modules if name.startswith('migrator.adapters')])"
    )

    assert printed(code) == "[]"


def printed(code: str) -> str:
    """Give what a Python of its own prints."""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return ended.stdout.strip()


@pytest.mark.parametrize("provider", DRIVERS)
@EVERY_LANGUAGE
def test_a_drivers_words_stand_beside_it(provider: str, language: str) -> None:
    """The catalogue of the house has no word of a driver's own; what two drivers share, both of them have."""
    package = DRIVERS[provider]
    codes = {use.code for use in uses() if Path(use.where).parent.as_posix() == "/".join(package.split(".")[1:])}

    house = {code for code in codes if code in SHARED or code.startswith(FAMILIES)}

    assert {code for code in codes if code in catalogue(language).own} <= house
    assert codes - house <= of_packages(language, (package,)).keys()


@pytest.mark.parametrize("missing", [field.name for field in fields(BalancerProfile)])
def test_a_profile_without_one_of_its_fields_cannot_be_made(missing: str) -> None:
    whole: dict[str, Any] = {field.name: getattr(UNDECLARED, field.name) for field in fields(BalancerProfile)}
    del whole[missing]
    optional = {"steers_controller", "more_options", "own_codes", "keeps_client", "new_groups"}

    if missing in optional:
        assert BalancerProfile(**whole) == UNDECLARED
    else:
        with pytest.raises(TypeError):
            BalancerProfile(**whole)


@pytest.mark.parametrize(
    ("provider", "package"),
    [
        pytest.param("empty", "tests.adapters.balancers", id="a package without a driver"),
        pytest.param("other", "migrator.adapters.balancers.exec", id="the driver of another provider"),
    ],
)
def test_a_line_of_the_table_that_leads_to_no_whole_driver_is_refused(
    monkeypatch: pytest.MonkeyPatch, provider: str, package: str
) -> None:
    monkeypatch.setitem(DRIVERS, provider, package)

    with pytest.raises(TypeError, match=f"has no DRIVER for provider '{provider}'"):
        driver_of(provider)


def test_a_provider_without_a_driver_declares_nothing_and_is_named_with_the_one_that_was_meant() -> None:
    assert profile_of("tencnt") is UNDECLARED
    with refused(UsageError, "driver.unknown-provider", provider="tencnt", meant="tencent"):
        driver_of("tencnt")
