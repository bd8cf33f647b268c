"""The syntax tree of a template.

`literal` is the text of a part as the template has it: Velocity prints it when a
reference has no value. `at` is line and column, for error messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(slots=True)
class Text:
    """Literal output."""

    text: str


Place = tuple[int, int]


@dataclass(slots=True)
class Property:
    """`.name` in a reference."""

    name: str


@dataclass(slots=True)
class Method:
    """`.name(arguments)` in a reference."""

    name: str
    arguments: "list[Expression]"
    at: Place


@dataclass(slots=True)
class Index:
    """`[key]` in a reference."""

    key: "Expression"
    at: Place


Step = Property | Method | Index


@dataclass(slots=True)
class Reference:
    """`$name.step…` in text or in an expression.

    Attributes:
        name: the variable; None when this only looks like a reference.
        steps: what is applied to the variable's value.
        literal: the reference's own text without what stands in front.
        null: what is printed in place of a missing value.
        prefix: printed in front in any case, such as the first `$` of `$$name`.
        escapes: half of the backslashes in front, rounded down.
        escaped: whether the number of backslashes is odd: the reference is not printed.
        target: name that `#set` on this reference assigns when there are no steps.
    """

    name: str | None
    steps: list[Step]
    literal: str
    null: str
    prefix: str
    escapes: str
    escaped: bool
    target: str

    def without_last_step(self) -> "Reference":
        """Give what the last step is applied to."""
        return replace(self, steps=self.steps[:-1])


@dataclass(slots=True)
class Integer:
    """A whole number."""

    value: int
    literal: str


@dataclass(slots=True)
class Float:
    """A number with a fraction or an exponent."""

    value: float
    literal: str


@dataclass(slots=True)
class Boolean:
    """`true` or `false`."""

    value: bool
    literal: str


@dataclass(slots=True)
class String:
    """A string literal.

    Attributes:
        value: the content of a literal without references and directives.
        nodes: the parsed content of any other one, None when `value` counts.
        trim: whether the last character of the rendered nodes is not part of the value;
            the parser adds a space to the content so that it can end with a reference.
    """

    value: str
    nodes: "list[Node] | None"
    trim: bool
    literal: str


@dataclass(slots=True)
class ListLiteral:
    """`[a, b]`."""

    items: "list[Expression]"
    literal: str


@dataclass(slots=True)
class MapLiteral:
    """`{a: b}`."""

    items: "list[tuple[Expression, Expression]]"
    literal: str


@dataclass(slots=True)
class Range:
    """`[a..b]`."""

    first: "Expression"
    last: "Expression"
    literal: str


@dataclass(slots=True)
class Binary:
    """An operator with two operands: `+ - * / % and or == != < <= > >=`."""

    operator: str
    left: "Expression"
    right: "Expression"
    literal: str


@dataclass(slots=True)
class Not:
    """`!a`."""

    operand: "Expression"
    literal: str


@dataclass(slots=True)
class Word:
    """A bare word among a directive's arguments, such as `in`."""

    literal: str


Expression = (
    Reference
    | Integer
    | Float
    | Boolean
    | String
    | ListLiteral
    | MapLiteral
    | Range
    | Binary
    | Not
    | Word
)


@dataclass(slots=True)
class Set:
    """`#set(target = value)`."""

    target: Reference
    value: Expression


@dataclass(slots=True)
class If:
    """`#if … #elseif … #else … #end`; the condition of `#else` is None."""

    branches: "list[tuple[Expression | None, list[Node]]]"


@dataclass(slots=True)
class Foreach:
    """`#foreach(name in source) body #end`."""

    name: str
    source: Expression
    body: "list[Node]"


@dataclass(slots=True)
class Define:
    """`#define(name) body #end`."""

    name: str
    body: "list[Node]"


@dataclass(slots=True)
class Break:
    """`#break` or `#break(scope)`."""

    scope: Expression | None
    at: Place


@dataclass(slots=True)
class Stop:
    """`#stop`."""


@dataclass(slots=True)
class Return:
    """`#return` or `#return(value)`."""

    value: Expression | None


Node = Text | Reference | Set | If | Foreach | Define | Break | Stop | Return


@dataclass(slots=True)
class Template:
    """A whole template.

    Attributes:
        nodes: what is rendered, in order.
        names: every variable that is read or assigned, in order of appearance.
    """

    nodes: Sequence[Node]
    names: dict[str, None] = field(default_factory=dict)
