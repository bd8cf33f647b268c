"""User pools while the application is being put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from appsync_emulator.config.codes import DUPLICATE
from appsync_emulator.config.resources import (
    user_pool,
    user_pool_client,
    user_pool_group,
)
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.model import NotRun, UserPool, UserPoolClient, UserPoolGroup


@dataclass(slots=True)
class CognitoParts:
    """What was read so far, and what of it the emulator does not run."""

    pools: dict[str, UserPool] = field(default_factory=dict)
    clients: list[tuple[Reading, UserPoolClient]] = field(default_factory=list)
    groups: dict[tuple[str, str], tuple[Reading, UserPoolGroup]] = field(
        default_factory=dict
    )
    not_run: list[NotRun] = field(default_factory=list)

    def add_pool(self, reading: Reading) -> None:
        """Add an AWS::Cognito::UserPool.

        Raises:
            ProjectError: Cognito would refuse it.
        """
        pool = user_pool.read(reading)
        self.pools[pool.id] = pool
        if reading.resource.declaration.properties.get("LambdaConfig") is not None:
            kind = f"{reading.resource.type} with LambdaConfig: its triggers"
            self.not_run.append(NotRun(kind, reading.origin))

    def add_client(self, reading: Reading) -> None:
        """Add an AWS::Cognito::UserPoolClient; its pool may come later.

        Raises:
            ProjectError: Cognito would refuse it.
        """
        self.clients.append((reading, user_pool_client.read(reading)))

    def add_group(self, reading: Reading) -> None:
        """Add an AWS::Cognito::UserPoolGroup; its pool may come later.

        Raises:
            ProjectError: the pool has a group of that name.
        """
        group = user_pool_group.read(reading)
        key = (reading.values["UserPoolId"], group.name)
        if key in self.groups:
            other = self.groups[key][1]
            message = f"A group with the name already exists: {other.origin}."
            raise reading.wrong(DUPLICATE, message, "GroupName")
        self.groups[key] = (reading, group)

    def leave_out(self, reading: Reading) -> None:
        """Name a resource that was only checked."""
        self.not_run.append(NotRun(reading.resource.type, reading.origin))

    def user_pools(self) -> Mapping[str, UserPool]:
        """Give the pools by their ids, with clients and groups.

        Those of a pool that only the account has are named as not run, which is enough
        for AWS.
        """
        for reading, client in self.clients:
            pool = self._pool(reading)
            if pool is not None:
                clients = (*pool.clients, client)
                self.pools[pool.id] = replace(pool, clients=clients)
        for reading, group in self.groups.values():
            pool = self._pool(reading)
            if pool is not None:
                groups = (*pool.groups, group)
                self.pools[pool.id] = replace(pool, groups=groups)
        return self.pools

    def _pool(self, reading: Reading) -> UserPool | None:
        pool = self.pools.get(reading.values["UserPoolId"])
        if pool is None:
            self.leave_out(reading)
        return pool
