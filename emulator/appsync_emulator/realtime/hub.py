"""Who gets which event: the subscriptions of one API."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from appsync_emulator.realtime.subscribers import Matches, Subscribers
from appsync_emulator.realtime.subscription import Project, Subscription
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

PAYLOAD_LIMIT = 240 * 1024
"""Bytes of a payload that is still delivered (AWS General Reference, subscription
payload size: 240 KB; whether a KB has 1,000 or 1,024 bytes it does not say)."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What one event did for one subscription field.

    Attributes:
        field: the subscription field.
        subscribed: how many subscriptions the field has.
        matched: how many of them the event was for.
        dropped: how many of those got nothing: the payload was too big or failed.
        matches: what was looked for, None when nobody subscribes.
    """

    field: str
    subscribed: int = 0
    matched: int = 0
    dropped: int = 0
    matches: Matches | None = None

    def explain(self) -> str:
        """Say in one line why the event went where it went."""
        text = f"{self.field}: {self.matched} of {self.subscribed} subscriptions match"
        if self.dropped:
            text += f", {self.dropped} dropped"
        looked_up = self.matches.looked_up if self.matches else ()
        filters = [
            " and ".join(f"{name}={value!r}" for name, value in zip(*key, strict=True))
            for key in looked_up
        ]
        filters = [filter_ for filter_ in filters if filter_]
        return f"{text} (for {' or '.join(filters)})" if filters else text


class Hub:
    """The subscriptions of one API, and the delivery of its events.

    A subscription gets events in the order of the calls to `publish`: everything
    happens in the call, nothing is queued here.

    Args:
        publishes: mutation field -> subscription fields, as `@aws_subscribe` says.

    Attributes:
        metrics: counts under the names of AppSync's CloudWatch metrics.
    """

    def __init__(self, publishes: Mapping[str, tuple[str, ...]]) -> None:
        self._publishes = publishes
        self._fields: dict[str, Subscribers] = {}
        self.metrics: Counter[str] = Counter()

    def __len__(self) -> int:
        """Count the registered subscriptions."""
        return self.metrics["ActiveSubscriptions"]

    def subscribe(self, subscription: Subscription) -> None:
        """Register: the next event may be delivered."""
        if subscription.registered:
            return
        subscription.registered = True
        self._fields.setdefault(subscription.field, Subscribers()).add(subscription)
        self.metrics["ActiveSubscriptions"] += 1

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget; without effect when it is not registered."""
        if not subscription.registered:
            return
        subscription.registered = False
        subscribers = self._fields[subscription.field]
        subscribers.remove(subscription)
        if not subscribers.count:
            del self._fields[subscription.field]
        self.metrics["ActiveSubscriptions"] -= 1

    def publish(self, mutation: str, tree: JSON) -> tuple[Publication, ...]:
        """Deliver the event that a completed mutation field is.

        Args:
            mutation: name of the field.
            tree: its completed value, keyed by field names.

        Returns:
            One report per subscription field that listens to the mutation.
        """
        reports = tuple(
            [self._publish(field, tree) for field in self._publishes.get(mutation, ())]
        )
        if log.isEnabledFor(logging.DEBUG):
            for report in reports:
                log.debug("%s -> %s", mutation, report.explain())
        return reports

    def invalidate(self, field: str, payload: JSON) -> int:
        """End subscriptions, as `extensions.invalidateSubscriptions` asks.

        AppSync unsubscribes and closes the whole connection (developer guide,
        unsubscribing WebSocket connections using filters).

        Args:
            field: its `subscriptionField`.
            payload: compared with the subscriptions' invalidation filters.

        Returns:
            How many subscriptions matched.
        """
        subscribers = self._fields.get(field)
        revoked = subscribers.revoked(payload) if subscribers else []
        for subscription in revoked:
            subscription.outbox.revoke(subscription.id)
        log.debug("%s: %d subscriptions invalidated", field, len(revoked))
        return len(revoked)

    def _publish(self, field: str, tree: JSON) -> Publication:
        self.metrics["InboundSuccess"] += 1
        subscribers = self._fields.get(field)
        if subscribers is None:
            return Publication(field)
        matches = subscribers.match(tree)
        matched = len(matches.subscriptions)
        dropped = self._deliver(field, matches.subscriptions, tree) if matched else 0
        return Publication(field, subscribers.count, matched, dropped, matches)

    def _deliver(self, field: str, matched: list[Subscription], tree: JSON) -> int:
        """Write to all of them; gives how many had to go without."""
        tails: dict[Project, bytes | None] = {}
        dropped = 0
        project: Project | None = None
        tail: bytes | None = None
        for subscription in matched:
            if subscription.project is not project:
                project = subscription.project
                if project not in tails:
                    tails[project] = self._tail(field, project, tree)
                tail = tails[project]
            if tail is None:
                dropped += 1
            else:
                subscription.outbox.deliver(subscription.prefix, tail)
        self.metrics["OutboundMessages"] += len(matched) - dropped
        self.metrics["PublishDataMessageSuccess"] += len(matched) - dropped
        self.metrics["PublishDataMessageClientError"] += dropped
        return dropped

    def _tail(self, field: str, project: Project, tree: JSON) -> bytes | None:
        try:
            payload = project(tree)
        except Exception:
            # The mutation has happened; a delivery that fails must not undo that.
            log.exception("%s: the payload of an event could not be made", field)
            self.metrics["InboundFailure"] += 1
            return None
        if len(payload) > PAYLOAD_LIMIT:
            log.warning(
                "%s: an event of %d bytes was not delivered: AppSync drops payloads of "
                "more than %d bytes (subscription payload size)",
                field,
                len(payload),
                PAYLOAD_LIMIT,
            )
            self.metrics["InboundError"] += 1
            return None
        return payload + b"}"
