"""Checks of the whole template that CloudFormation makes before it deploys anything.

Every name that Ref, Fn::GetAtt, Fn::Sub, DependsOn and Condition mention must exist,
also in resources that the emulator does not run, and resources must not depend on each
other in a circle.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from appsync_emulator.config.codes import CIRCULAR, CONDITION, REFERENCE, STRUCTURE
from appsync_emulator.config.functions.texts import VARIABLE
from appsync_emulator.config.node import Node
from appsync_emulator.config.problems import Problems
from appsync_emulator.config.template.pseudo import PSEUDO_PARAMETERS
from appsync_emulator.config.template.sections import Declaration
from appsync_emulator.errors import ProjectError

Reference = tuple[str, Node, bool]
"""A name that is mentioned, where, and whether the branch of Fn::If is taken."""

PSEUDO = (*PSEUDO_PARAMETERS, "AWS::NoValue")


class References:
    """The references of one template.

    Args:
        resources: the resources by logical id.
        parameters: the names of the parameters.
        conditions: the names of the conditions.
        holds: gives the value of a condition.
        problems: where wrong references go.
    """

    def __init__(
        self,
        resources: Mapping[str, Declaration],
        parameters: Iterable[str],
        conditions: Iterable[str],
        holds: Callable[[str], bool],
        problems: Problems,
    ) -> None:
        self._resources = resources
        self._names = dict.fromkeys([*resources, *parameters, *PSEUDO])
        self._conditions = tuple(conditions)
        self._holds = holds
        self._problems = problems

    def check_resources(self) -> None:
        """Check all resources: names that do not exist, and circles."""
        edges: dict[str, list[str]] = {}
        for logical_id, declaration in self._resources.items():
            live = self._check_condition(declaration.condition, logical_id)
            targets = edges.setdefault(logical_id, [])
            for node in declaration.depends_on:
                self._check_name(node.value, node, logical_id, self._resources)
                targets.append(node.value)
            for node in declaration.properties.values():
                for name, at, taken in self._find(node, live, logical_id):
                    self._check_name(name, at, logical_id, self._names, live=taken)
                    if taken:
                        targets.append(name)
            if not live:
                targets.clear()
        self._check_circles(edges)

    def check_outputs(self, outputs: Mapping[str, Node]) -> None:
        """Check the names in the Outputs section."""
        for output in outputs.values():
            members = output.value if isinstance(output.value, dict) else {}
            live = self._check_condition(members.get("Condition"), None)
            for item in members.values():
                for name, at, taken in self._find(item, live, None):
                    self._check_name(name, at, None, self._names, live=taken)

    def _check_condition(self, condition: Node | None, logical_id: str | None) -> bool:
        if condition is None:
            return True
        if not isinstance(condition.value, str):
            message = "Condition must be the name of a condition."
            origin = condition.key_origin(logical_id)
            self._problems.add(ProjectError(STRUCTURE, message, origin))
            return False
        if condition.value not in self._conditions:
            error = ProjectError(
                CONDITION,
                f"Unresolved condition dependency {condition.value} in the "
                f"{_block(logical_id)} block of the template.",
                condition.key_origin(logical_id),
                found=condition.value,
                allowed=self._conditions,
            )
            self._problems.add(error)
            return False
        return self._held(condition.value)

    def _held(self, name: str, *, unknown: bool = False) -> bool:
        """Give the value of a condition, `unknown` when it cannot be evaluated."""
        try:
            return self._holds(name)
        except ProjectError as error:
            self._problems.add(error)
            return unknown

    def _check_name(
        self,
        name: str,
        at: Node,
        logical_id: str | None,
        allowed: Collection[str],
        *,
        live: bool = False,
    ) -> None:
        hint = None
        if name in allowed:
            if not live or self._is_live(name):
                return
            hint = f"The condition of {name} is false."
        error = ProjectError(
            REFERENCE,
            f"Unresolved resource dependencies [{name}] in the {_block(logical_id)} "
            "block of the template.",
            at.origin(logical_id),
            found=name,
            allowed=() if hint else _like(name, allowed),
            hint=hint,
        )
        self._problems.add(error)

    def _is_live(self, name: str) -> bool:
        declaration = self._resources.get(name)
        condition = declaration.condition if declaration else None
        if condition is None or condition.value not in self._conditions:
            return True
        # What cannot be told is one problem, not one for each reference as well.
        return self._held(condition.value, unknown=True)

    def _find(
        self, node: Node, live: bool, logical_id: str | None
    ) -> Iterator[Reference]:
        value = node.value
        if isinstance(value, list):
            for item in value:
                yield from self._find(item, live, logical_id)
        elif isinstance(value, dict):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                finder = _FINDERS.get(name)
                if finder is not None:
                    yield from ((found, node, live) for found in finder(argument))
                elif name == "Fn::If":
                    yield from self._branches(argument, live, logical_id)
                    return
            for item in value.values():
                yield from self._find(item, live, logical_id)

    def _branches(
        self, argument: Node, live: bool, logical_id: str | None
    ) -> Iterator[Reference]:
        items = argument.value
        if not isinstance(items, list) or len(items) != 3:
            return  # whoever evaluates it says what is wrong
        name = items[0].value
        if not isinstance(name, str):
            return
        if name not in self._conditions:
            error = ProjectError(
                CONDITION,
                f"Unresolved dependencies [{name}]: there is no such condition.",
                items[0].origin(logical_id),
                found=name,
                allowed=self._conditions,
            )
            self._problems.add(error)
            return
        held = self._held(name)
        yield from self._find(items[1], live and held, logical_id)
        yield from self._find(items[2], live and not held, logical_id)

    def _check_circles(self, edges: Mapping[str, list[str]]) -> None:
        circle = _first_circle(edges)
        if circle:
            declaration = self._resources[circle[0]]
            error = ProjectError(
                CIRCULAR,
                f"Circular dependency between resources: [{', '.join(circle)}].",
                declaration.node.key_origin(circle[0]),
            )
            self._problems.add(error)


def _like(name: str, allowed: Iterable[str]) -> list[str]:
    """Give what a wrong name may have meant: pseudo parameters only among their own."""
    pseudo = name.startswith("AWS::")
    return [other for other in allowed if other.startswith("AWS::") == pseudo]


def _block(logical_id: str | None) -> str:
    return "Resources" if logical_id else "Outputs"


def _first_circle(edges: Mapping[str, list[str]]) -> list[str]:
    """Give the logical ids of a circle, in order; empty when there is none."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        waiting = [iter([start])]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                if path:
                    done.add(path.pop())
            elif name in path:
                return path[path.index(name) :]
            elif name in edges and name not in done:
                path.append(name)
                waiting.append(iter(edges[name]))
    return []


def _in_ref(argument: Node) -> Iterator[str]:
    if isinstance(argument.value, str):
        yield argument.value


def _in_get_att(argument: Node) -> Iterator[str]:
    value = argument.value
    if isinstance(value, list) and value:
        value = value[0].value
    if isinstance(value, str):
        yield value.split(".", 1)[0]


def _in_sub(argument: Node) -> Iterator[str]:
    template, own = argument.value, {}
    if isinstance(template, list) and template:
        if len(template) > 1 and isinstance(template[1].value, dict):
            own = template[1].value
        template = template[0].value
    if isinstance(template, str) and "${" in template:
        for name in VARIABLE.findall(template):
            if not name.startswith("!") and name not in own and _plain(name):
                yield name.split(".", 1)[0]


def _plain(name: str) -> bool:
    # Other names are refused by Fn::Sub itself, with better words.
    return name.replace(".", "").replace(":", "").replace("_", "").isalnum()


_FINDERS: dict[str, Callable[[Node], Iterator[str]]] = {
    "Ref": _in_ref,
    "Fn::GetAtt": _in_get_att,
    "Fn::Sub": _in_sub,
}
