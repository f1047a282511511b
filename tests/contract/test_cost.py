"""What the sandbox itself costs: the suites that run against it have to stay quick."""

from __future__ import annotations

import time
from statistics import median

import pytest
from werkzeug.test import Client

from tests.contract.caller import Caller
from tests.sandbox.app import SandboxApp
from tests.sandbox.server import Sandbox

CALLS = 200


@pytest.mark.parametrize("method", ["server.time", "profile"])
def test_a_call_in_process_costs_less_than_a_millisecond(
    sandbox: Sandbox, boris: Caller, method: str
) -> None:
    """Beside the work it models, of which these two have none; of the processor's time, so that a
    busy machine does not count."""
    client = Client(SandboxApp(sandbox.state))
    times = []
    for _ in range(CALLS):
        begun = time.thread_time()
        answer = client.post(
            f"/rest/{method}", base_url=sandbox.url, json={"auth": boris.token.access}
        )
        times.append(time.thread_time() - begun)
        assert answer.status_code == 200
    assert median(times) < 0.001
