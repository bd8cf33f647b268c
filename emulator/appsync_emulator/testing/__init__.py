"""Tests of AppSync apps: an emulator in a thread of the test's own process.

    with start("template.yaml") as appsync:
        answer = appsync.client.execute("query { models }")

With pytest there is a fixture for it (`pytest_plugin.py`). In async tests the same
calls are awaited; the emulator has an event loop of its own, so it is no matter which
one the test has.
"""

from appsync_emulator.datasources.datasource import DataSourceError
from appsync_emulator.testing.appsync import Appsync
from appsync_emulator.testing.client import Answer, Client
from appsync_emulator.testing.failures import SubscriptionRefused, WaitFailed
from appsync_emulator.testing.logs import Call, Delivery
from appsync_emulator.testing.start import start
from appsync_emulator.testing.subscription import Events

__all__ = [
    "Answer",
    "Appsync",
    "Call",
    "Client",
    "DataSourceError",
    "Delivery",
    "Events",
    "SubscriptionRefused",
    "WaitFailed",
    "start",
]
