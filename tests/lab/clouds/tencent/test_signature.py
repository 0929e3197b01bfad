"""Signatures: what the official SDK signs is taken, and nothing that was touched afterwards."""

import time
import warnings
from dataclasses import replace

import pytest
from tencentcloud.clb.v20180317.clb_client import ClbClient
from tencentcloud.common import credential
from tencentcloud.common.http.request import RequestInternal

from migrator.lab.clouds.signing import Signed
from migrator.lab.clouds.tencent.errors import ApiError
from migrator.lab.clouds.tencent.signature import verify

SECRETS = {"me": "my-key"}


@pytest.fixture
def signed() -> Signed:
    """A request as the SDK signs it."""
    client = ClbClient(credential.Credential("me", "my-key"), "ap-guangzhou")
    request = RequestInternal("clb.tencentcloudapi.com", "POST", "/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client._build_req_inter("DescribeTargets", {"LoadBalancerId": "lb-1"}, request)
    headers = {name.lower(): str(value) for name, value in request.header.items()}
    body = request.data.encode() if isinstance(request.data, str) else request.data
    return Signed("POST", "/", "", headers | {"host": "clb.tencentcloudapi.com"}, body)


def test_a_request_signed_by_the_sdk_is_taken(signed):
    assert verify(signed, SECRETS, time.time()) == "me"


@pytest.mark.parametrize(
    ("touch", "code"),
    [
        pytest.param(lambda r: replace(r, body=b"{}"), "AuthFailure.SignatureFailure", id="other body"),
        pytest.param(
            lambda r: replace(r, headers={**r.headers, "host": "elsewhere"}),
            "AuthFailure.SignatureFailure",
            id="other host",
        ),
        pytest.param(
            lambda r: replace(r, headers={**r.headers, "content-type": "text/plain"}),
            "AuthFailure.SignatureFailure",
            id="other content type",
        ),
        pytest.param(
            lambda r: replace(r, headers={**r.headers, "authorization": "Basic me"}),
            "AuthFailure.SignatureFailure",
            id="another scheme",
        ),
        pytest.param(
            lambda r: replace(r, headers={**r.headers, "x-tc-timestamp": str(int(r.headers["x-tc-timestamp"]) + 1)}),
            "AuthFailure.SignatureFailure",
            id="other timestamp",
        ),
        pytest.param(
            lambda r: replace(r, headers={k: v for k, v in r.headers.items() if k != "x-tc-timestamp"}),
            "MissingParameter",
            id="no timestamp",
        ),
    ],
)
def test_a_touched_request_is_refused(signed, touch, code):
    with pytest.raises(ApiError) as refusal:
        verify(touch(signed), SECRETS, time.time())

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("secrets", "later", "code"),
    [
        pytest.param({"me": "another"}, 0, "AuthFailure.SignatureFailure", id="wrong key"),
        pytest.param({"you": "my-key"}, 0, "AuthFailure.SecretIdNotFound", id="unknown id"),
        pytest.param(SECRETS, 301, "AuthFailure.SignatureExpire", id="too old"),
        pytest.param(SECRETS, -302, "AuthFailure.SignatureExpire", id="from the future"),
    ],
)
def test_a_stranger_or_a_wrong_clock_is_refused(signed, secrets, later, code):
    with pytest.raises(ApiError) as refusal:
        verify(signed, secrets, time.time() + later)

    assert refusal.value.code == code
