"""How functions are run: the two protocols, with one shared test suite for them."""

from typing import Protocol

from appsync_emulator.lambdas.invocation import Done, Event


class Environment(Protocol):
    """An execution environment: works on one event at a time."""

    @property
    def warm(self) -> bool:
        """Whether the next event needs no initialisation."""
        ...

    def run(self, event: Event, done: Done) -> None:
        """Begin to work on `event`; `done` is called exactly once, later.

        It goes on to its end whether or not anybody still waits for it, as on AWS.
        Only called when the event before is done.
        """
        ...

    async def close(self) -> None:
        """End it; an event still being worked on is done with a rejection."""
        ...


class Runner(Protocol):
    """Makes the execution environments of one function."""

    def problem(self) -> str | None:
        """Tell why the function cannot run here, in a sentence for its developer."""
        ...

    def changed(self) -> bool:
        """Tell whether there is other code than at the last call."""
        ...

    def environment(self) -> Environment:
        """Make a further environment; nothing is started before its first event."""
        ...
