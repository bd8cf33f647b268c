"""Calling a handler: JSON of what it reads in, its value and effects out."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EvaluationError, Interrupted
from appsync_resolvers.js.interpreter import EngineFailure, Function
from appsync_resolvers.js.members import ABSENT, ALL, MEMBERS, Member
from appsync_resolvers.js.outcome import settle
from appsync_resolvers.js.realm import Realm
from appsync_resolvers.js.source import NotPlain, Program
from appsync_resolvers.js.values import Exact, loads

# "The maximum size of an evaluated result is 5 MB" (AppSync quotas).
MAX_RESULT = 5 * 1024 * 1024


class Lane:
    """A realm in use and how to get a new one: engines fail, the API goes on.

    Attributes:
        realm: the current one.
    """

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self.memory = memory
        self._realm: Realm | None = None
        self.lock = Lock()

    @property
    def realm(self) -> Realm:
        """The current realm, made when there is none."""
        realm = self._realm
        if realm is None:
            realm = self._realm = Realm(self._seconds, self.memory)
        return realm

    def renew(self) -> None:
        """Throw the realm away; after a failure its heap cannot be trusted."""
        realm, self._realm = self._realm, None
        if realm is not None:
            realm.close()


@dataclass(frozen=True, slots=True)
class _Binding:
    """A handler in a realm, taking the members it has asked for so far."""

    call: Function
    members: tuple[Member, ...]


class JsHandler:
    """See `appsync_resolvers.runtime.Handler`.

    A handler starts with no members of the context. When it reads one, the call ends
    with that name, and is repeated with the member; nothing else has happened by then,
    for inputs are texts and effects come with the result. What was learned stays.
    """

    __slots__ = (
        "_complete",
        "_inline",
        "_name",
        "_names",
        "_patient",
        "_plain",
        "_program",
        "returns_result",
    )

    def __init__(
        self, program: Program, name: str, inline: Lane, patient: Lane
    ) -> None:
        self._program = program
        self._name = name
        self._inline = inline
        self._patient = patient
        self._plain = program.plain[name]
        self.returns_result = self._plain is not None and self._plain.passes_result
        self._names: tuple[str, ...] = ()
        self._complete = False

    def __call__(self, context: Context) -> Any:
        """See `Handler`."""
        if self._plain is not None:
            try:
                return self._plain.call(context)
            except NotPlain:
                pass
        realm = self._inline.realm
        binding = realm.bindings.get(self) or self._bind(realm)
        try:
            texts = [member.text(context) for member in binding.members]
        except TypeError:
            return self._evaluate(context, self._inline, Exact())
        try:
            text: str = binding.call(*texts)
        except Exception as error:  # noqa: BLE001 (the engine's, whatever it is)
            self._failed(self._inline, error)
            raise Interrupted from None
        if text[0] in "?!":
            return self._continue(context, self._inline, text, None)
        if len(text) > MAX_RESULT:
            raise _too_large()
        return loads(text)

    def patiently(self, context: Context) -> Any:
        """See `Handler`."""
        lane = self._patient
        with lane.lock:
            try:
                return self._evaluate(context, lane, None)
            except Interrupted as interrupted:
                raise self._given_up(interrupted.__cause__) from None

    def _evaluate(self, context: Context, lane: Lane, exact: Exact | None) -> Any:
        """Evaluate off the usual path: with large integers, or patiently."""
        realm = lane.realm
        binding = realm.bindings.get(self) or self._bind(realm)
        try:
            texts = _texts(context, binding, exact)
        except TypeError:
            exact = Exact()
            texts = _texts(context, binding, exact)
        if lane is self._patient:
            # Objects take many times the memory of their JSON.
            size = sum(len(text) for text in texts if text is not None)
            realm.interpreter.limit_memory(lane.memory + 32 * size)
        try:
            text: str = binding.call(*texts)
        except Exception as error:  # noqa: BLE001 (the engine's, whatever it is)
            raise Interrupted from self._failed(lane, error)
        return self._continue(context, lane, text, exact)

    def _continue(
        self, context: Context, lane: Lane, text: str, exact: Exact | None
    ) -> Any:
        """Handle an answer of any kind, asking again with what was missing."""
        if text[0] == "?":
            self._learn(lane.realm, text[1:])
            return self._evaluate(context, lane, exact)
        if len(text) > MAX_RESULT:
            raise _too_large()
        if text[0] != "!":
            value = loads(text)
            return value if exact is None else exact.restored(value)
        outcome = loads(text[1:])
        if exact is not None:
            outcome = exact.restored(outcome)
        return settle(context, self._program, outcome)

    def _bind(self, realm: Realm) -> _Binding:
        members = MEMBERS[self._name]
        names = [name for name in self._names if name in members]
        call = realm.bind(self._program, self._name, names, complete=self._complete)
        binding = _Binding(call, tuple(members[name] for name in names))
        realm.bindings[self] = binding
        return binding

    def _learn(self, realm: Realm, missing: str) -> None:
        if ":" in missing:
            realm.provide(missing)
            return
        binding = realm.bindings.pop(self)
        if any(member.name == missing for member in binding.members):
            raise AssertionError(f"asked twice for {missing!r}")
        if missing == "*":
            self._complete = True
        elif missing not in self._names:  # the other lane may have learned it, too
            self._names = (*self._names, missing)
        if self._complete:
            # Enumerating the context shows its members in a fixed order.
            everything = ALL[self._name]
            others = tuple(name for name in self._names if name not in everything)
            self._names = everything + others

    def _failed(self, lane: Lane, error: Exception) -> EngineFailure:
        failure = lane.realm.interpreter.failure(error)
        lane.renew()
        return failure

    def _given_up(self, cause: BaseException | None) -> EvaluationError:
        """Word what AWS does not publish: an evaluation beyond all limits."""
        if isinstance(cause, EngineFailure) and cause.interrupted:
            text = "The evaluation exceeded its time limit."
        else:
            text = "The evaluation exceeded its memory limit."
        return EvaluationError(f"code.js: {text}", "Code")


def _texts(
    context: Context, binding: _Binding, exact: Exact | None
) -> list[str | None]:
    if exact is None:
        return [member.text(context) for member in binding.members]
    values = [member.value(context) for member in binding.members]
    return [None if value is ABSENT else exact.dumps(value) for value in values]


def _too_large() -> EvaluationError:
    return EvaluationError(
        "code.js: The evaluated result exceeds the limit of 5 MB.", "Code"
    )
