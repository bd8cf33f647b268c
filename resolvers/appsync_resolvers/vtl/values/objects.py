"""Java objects that templates can hold and JSON does not know."""

from collections.abc import Callable, Iterator
from typing import Any


class Char(str):
    """A `Character`, as `$text.charAt(0)` gives it."""

    __slots__ = ()


class Array(list[Any]):
    """A Java array.

    Attributes:
        component: type of the members as `getClass().getName()` writes it after `[`,
            such as `Ljava.lang.String;` or `B`.
    """

    def __init__(self, items: Any, component: str) -> None:
        super().__init__(items)
        self.component = component


class InfoMap(dict[str, Any]):
    """`$ctx.info`: its JSON text leaves out what must be read directly.

    Attributes:
        hidden: the members that only a direct read shows.
    """

    def __init__(self, shown: dict[str, Any], hidden: dict[str, Any]) -> None:
        super().__init__(shown)
        self.hidden = hidden


class View:
    """A live collection over a map: what `keySet`, `values` and `entrySet` give.

    Attributes:
        map: the map behind it.
        is_set: whether `equals` and `add` are those of a Set.
    """

    __slots__ = ("map",)
    is_set = True

    def __init__(self, source: dict[Any, Any]) -> None:
        self.map = source

    def __len__(self) -> int:
        return len(self.map)

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError


class KeySet(View):
    """`$map.keySet()`."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.map)


class Values(View):
    """`$map.values()`."""

    __slots__ = ()
    is_set = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self.map.values())


class EntrySet(View):
    """`$map.entrySet()`."""

    __slots__ = ()

    def __iter__(self) -> Iterator["Entry"]:
        return (Entry(self.map, key) for key in self.map)


class Entry:
    """A `Map.Entry`, live like Java's."""

    __slots__ = ("key", "map")

    def __init__(self, source: dict[Any, Any], key: Any) -> None:
        self.map = source
        self.key = key

    @property
    def value(self) -> Any:
        """The value under the key now."""
        return self.map.get(self.key)


class Cursor:
    """A `java.util.Iterator`.

    Attributes:
        items: what it goes through.
        position: how many were given.
    """

    __slots__ = ("items", "position")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.position = 0


class Block:
    """The value of a variable that `#define` made.

    Attributes:
        render: gives the block's text; None when it renders itself too deeply.
    """

    __slots__ = ("render",)

    def __init__(self, render: Callable[[], str | None]) -> None:
        self.render = render


class Scope:
    """`$foreach` inside of a loop, when it is used as an object.

    Attributes:
        index: 0-based number of the iteration.
        has_next: whether another one follows.
        parent: `$foreach` of the loop around, None without one.
        replaced: another value that `$foreach` had before the outermost loop.
        storage: what the template put into it.
    """

    __slots__ = ("has_next", "index", "parent", "replaced", "storage")

    def __init__(self, previous: Any) -> None:
        self.index = -1
        self.has_next = False
        self.parent = previous if isinstance(previous, Scope) else None
        self.replaced = None if self.parent else previous
        self.storage: dict[Any, Any] = {}


class JavaClass:
    """A `java.lang.Class`: a template may see its name and call static methods.

    Attributes:
        name: such as `java.util.ArrayList`.
        instance: a value of the class.
    """

    __slots__ = ("instance", "name")

    def __init__(self, name: str, instance: Any) -> None:
        self.name = name
        self.instance = instance


class Namespace:
    """`$util`, `$extensions` or a part such as `$util.time`, used as a value.

    Attributes:
        path: its name, such as `util.time`.
    """

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path
