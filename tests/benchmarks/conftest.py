"""The sandbox of the agent's tests, for replays."""

from tests.agent.conftest import sandbox

__all__ = ["sandbox"]
