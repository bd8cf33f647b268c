"""Who gets which event: the subscriptions of one API."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping

from appsync_emulator.realtime.deliveries import Deliveries, Event, Publication
from appsync_emulator.realtime.subscribers import Subscribers
from appsync_emulator.realtime.subscription import Project, Subscription
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

PAYLOAD_LIMIT = 240 * 1024
"""Bytes of a payload that is still delivered (AWS General Reference, subscription
payload size: 240 KB; whether a KB has 1,000 or 1,024 bytes it does not say)."""

LOGGED_REASONS = 20
"""Lines of the log that say, for one event, why a subscription does not get it."""

_NO_FAULTS: dict[Project, str] = {}


class Hub:
    """The subscriptions of one API, and the delivery of its events.

    A subscription gets events in the order of the calls to `publish`: everything
    happens in the call, nothing is queued here.

    Args:
        publishes: mutation field -> subscription fields, as `@aws_subscribe` says.

    Attributes:
        metrics: counts under the names of AppSync's CloudWatch metrics.
        deliveries: what became of recent events.
    """

    def __init__(self, publishes: Mapping[str, tuple[str, ...]]) -> None:
        self._publishes = publishes
        self._fields: dict[str, Subscribers] = {}
        self.deliveries = Deliveries(self.subscriptions)
        self.metrics: Counter[str] = Counter()

    def __len__(self) -> int:
        """Count the registered subscriptions."""
        return self.metrics["ActiveSubscriptions"]

    def subscriptions(self, field: str) -> Iterable[Subscription]:
        """Give the registered subscriptions of a field, in the order they began."""
        return self._fields.get(field, ())

    def subscribe(self, subscription: Subscription) -> None:
        """Register: the next event may be delivered."""
        if subscription.registered:
            return
        subscription.registered = True
        self.deliveries.begun(subscription)
        self._fields.setdefault(subscription.field, Subscribers()).add(subscription)
        self.metrics["ActiveSubscriptions"] += 1

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget; without effect when it is not registered."""
        if not subscription.registered:
            return
        subscription.registered = False
        self.deliveries.ended(subscription)
        subscribers = self._fields[subscription.field]
        subscribers.remove(subscription)
        if not subscribers:
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
        fields = self._publishes.get(mutation, ())
        if not fields:
            return ()
        event = Event(mutation, tree)
        reports = tuple([self._publish(event, one, tree) for one in fields])
        if log.isEnabledFor(logging.DEBUG):
            for report in reports:
                self._explain(report)
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

    def _publish(self, event: Event, field: str, tree: JSON) -> Publication:
        self.metrics["InboundSuccess"] += 1
        subscribers = self._fields.get(field)
        if subscribers is None:
            publication = Publication(event, field, 0, [], _NO_FAULTS)
        else:
            matches = subscribers.match(tree)
            faults = self._deliver(field, matches, tree) if matches else _NO_FAULTS
            count = len(subscribers)
            publication = Publication(event, field, count, matches, faults)
        self.deliveries.keep(publication)
        return publication

    def _deliver(
        self, field: str, matches: list[Subscription], tree: JSON
    ) -> Mapping[Project, str]:
        """Write to all of them; gives why projections could not be sent."""
        tails: dict[Project, bytes | None] = {}
        faults = _NO_FAULTS
        dropped = 0
        project: Project | None = None
        tail: bytes | None = None
        for subscription in matches:
            if subscription.project is not project:
                project = subscription.project
                if project in tails:
                    tail = tails[project]
                else:
                    made = self._tail(field, project, tree)
                    tail = tails[project] = made if isinstance(made, bytes) else None
                    if isinstance(made, str):
                        faults = {**faults, project: made}
            if tail is None:
                dropped += 1
            else:
                subscription.outbox.deliver(subscription.prefix, tail)
        self.metrics["OutboundMessages"] += len(matches) - dropped
        self.metrics["PublishDataMessageSuccess"] += len(matches) - dropped
        self.metrics["PublishDataMessageClientError"] += dropped
        return faults

    def _tail(self, field: str, project: Project, tree: JSON) -> bytes | str:
        """Give what follows the prefix of `data`, or why there is nothing to send."""
        try:
            payload = project(tree)
        except Exception:
            # The mutation has happened; a delivery that fails must not undo that.
            log.exception("%s: the payload of an event could not be made", field)
            self.metrics["InboundFailure"] += 1
            return "its payload could not be made"
        if len(payload) <= PAYLOAD_LIMIT:
            return payload + b"}"
        fault = (
            f"AppSync drops payloads of more than {PAYLOAD_LIMIT} bytes "
            f"(subscription payload size), and this one has {len(payload)}"
        )
        log.warning("%s: an event was not delivered: %s", field, fault)
        self.metrics["InboundError"] += 1
        return fault

    def _explain(self, publication: Publication) -> None:
        """Log who does not get an event, and why."""
        log.debug("%s", publication.explain())
        missed = [
            verdict
            for verdict in self.deliveries.verdicts(publication)
            if not verdict.delivered
        ]
        for verdict in missed[:LOGGED_REASONS]:
            log.debug("%s: %s", publication.field, verdict)
        if more := missed[LOGGED_REASONS:]:
            log.debug("%s: %d others do not get it", publication.field, len(more))
