"""The kinds of values in a plan file: durations, percentages, names, ports, URLs, with the words messages give for them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema

from migrator.domain.gateways import PROFILES
from migrator.domain.messages.durations import PATTERN, seconds_of

DURATION = f"^{PATTERN}$"
PERCENT = r"^\d+(\.\d+)?\s*%$"
DNS = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
CHANNEL = r"^[a-z][a-z0-9-]{0,29}$"
TOKEN = r"^[A-Za-z0-9!#$%&'*+.^_|~-]+$"
ENV = r"^[A-Za-z_][A-Za-z0-9_]*$"
SECRET = r"(env:[A-Za-z_][A-Za-z0-9_]*|file:\S+)"
AUTHORIZATION = rf"^((bearer|basic) {SECRET}|aws [a-z0-9-]+( [a-z0-9-]+)?)$"
URL = r"^https?://[^\s@]+$"

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def fraction(text: object) -> float:
    """Return a percentage's fraction, 0 to 1; ValueError says what a percentage looks like."""
    match = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match or float(match[1]) > 100:
        raise ValueError("a percentage is text from 0% to 100%, like 0.1% or 5%")
    return float(match[1]) / 100


# The descriptions are what messages give as allowed (see `allowed.py`).
Duration = Annotated[
    float,
    BeforeValidator(seconds_of),
    WithJsonSchema(
        {"type": "string", "pattern": DURATION, "description": "a duration with units, like 30s, 10m, 1h30m or 500ms"}
    ),
]
Percent = Annotated[
    float,
    BeforeValidator(fraction),
    WithJsonSchema(
        {"type": "string", "pattern": PERCENT, "description": "a percentage with its sign, from 0% to 100%, like 0.1%"}
    ),
]
Port = Annotated[int, Field(ge=1, le=65535)]
PortText = Annotated[str, Field(pattern=r"^[0-9]{1,5}$", description="a port in quotes, from 1 to 65535")]
DnsName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=253,
        pattern=DNS,
        description="a Kubernetes name: lower case letters, digits, - and ., at most 253 of them",
    ),
]
ChannelName = Annotated[
    str,
    Field(
        pattern=CHANNEL,
        description="a name of lower case letters, digits and -, at most 30 of them, that begins with a letter, like ops",
    ),
]
Word = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(gt=0, le=100)]
Url = Annotated[str, Field(pattern=URL, description="a URL like https://name:9090, without user or password")]
HeaderName = Annotated[str, Field(pattern=TOKEN, description="the name of an HTTP header")]
EnvName = Annotated[str, Field(pattern=ENV, description="the name of an environment variable, never the secret itself")]
SecretPlace = Annotated[
    str,
    Field(pattern=rf"^{SECRET}$", description="where the secret is, never the secret itself: env:NAME or file:/a/path"),
]
Authorization = Annotated[
    str,
    Field(
        pattern=AUTHORIZATION,
        description="bearer or basic and where the secret is (env:NAME or file:/a/path), or aws, a region and a service, like "
        "bearer env:TOKEN, basic file:/a/path or aws eu-west-1",
    ),
]
HttpPath = Annotated[str, Field(pattern=r"^/", description="a path that begins with /")]


def known_gateway(kind: str) -> str:
    """Refuse a gateway kind that is not in the table."""
    if kind not in PROFILES:
        raise ValueError("no such gateway kind")
    return kind


def gateway_kinds(schema: dict[str, JsonValue]) -> None:
    """Publish the gateway kinds of the table."""
    schema["enum"] = list[JsonValue](PROFILES)


GatewayKind = Annotated[str, AfterValidator(known_gateway), Field(json_schema_extra=gateway_kinds)]


def usual(words: str, alias: str | None = None) -> Any:
    """Give a default as operators write it; it is read like a value of the file (Any: what that gives is a float)."""
    return Field(words, alias=alias)


class Strict(BaseModel):
    """What every part of the file has in common: no unknown key, no silent conversion, keys in camelCase."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)
