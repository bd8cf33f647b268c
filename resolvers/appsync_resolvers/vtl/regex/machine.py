"""A backtracking matcher that can be stopped: for patterns that may take very long.

The pattern is a list of instructions; what is still to be tried lies on a stack.
"""

from dataclasses import dataclass, field
from typing import Any

from appsync_resolvers.vtl.limits import tick
from appsync_resolvers.vtl.regex import nodes
from appsync_resolvers.vtl.regex.classes import LINE_ENDS
from appsync_resolvers.vtl.regex.nodes import Regex
from appsync_resolvers.vtl.values.failure import failed

_MAX_PROGRAM = 50_000
_MAX_STEPS = 20_000_000
_MAX_STACK = 1_000_000
_TICK = 2_000


@dataclass(slots=True)
class Program:
    """A compiled pattern.

    Attributes:
        code: the instructions; the last one is a match.
        slots: how many positions are remembered; group n is at 2n and 2n + 1.
    """

    code: list[tuple[Any, ...]] = field(default_factory=list)
    slots: int = 0


class Compiler:
    """Makes a program of a pattern."""

    def __init__(self, groups: int) -> None:
        self._groups = groups
        self.program = Program(slots=2 * (groups + 1))

    def compile(self, node: Regex) -> Program:
        """Compile the pattern."""
        self._add(node)
        self._emit("match")
        return self.program

    def _emit(self, *instruction: Any) -> int:
        if len(self.program.code) > _MAX_PROGRAM:
            raise failed("The regular expression is too large")
        self.program.code.append(instruction)
        return len(self.program.code) - 1

    def _slot(self) -> int:
        self.program.slots += 1
        return self.program.slots - 1

    def _add(self, node: Regex) -> None:
        if isinstance(node, nodes.One):
            self._emit("one", node.test)
        elif isinstance(node, nodes.Place):
            self._emit("place", node.name, node.multiline)
        elif isinstance(node, nodes.Back) and node.number > self._groups:
            self._emit("one", lambda _: False)
        elif isinstance(node, nodes.Back):
            self._emit("back", node.number, node.ignore_case)
        elif isinstance(node, nodes.Sequence):
            for item in node.items:
                self._add(item)
        elif isinstance(node, nodes.Choice):
            self._choice(node.items)
        elif isinstance(node, nodes.Group):
            self._emit("save", 2 * node.number)
            self._add(node.item)
            self._emit("save", 2 * node.number + 1)
        elif isinstance(node, nodes.Look):
            self._look(node)
        elif isinstance(node, nodes.Atomic):
            self._atomic(node.item)
        elif node.mode == "possessive":
            greedy = nodes.Repeat(node.item, node.least, node.most, "greedy")
            self._atomic(greedy)
        else:
            self._repeat(node)

    def _choice(self, items: tuple[Regex, ...]) -> None:
        code = self.program.code
        ends = []
        for item in items[:-1]:
            split = self._emit("split", 0, 0)
            self._add(item)
            ends.append(self._emit("jump", 0))
            code[split] = ("split", split + 1, len(code))
        self._add(items[-1])
        for end in ends:
            code[end] = ("jump", len(code))

    def _atomic(self, item: Regex) -> None:
        slot = self._slot()
        self._emit("fence", slot)
        self._add(item)
        self._emit("cut", slot)

    def _look(self, node: nodes.Look) -> None:
        inner = Compiler(self._groups)
        inner.program.slots = self.program.slots
        program = inner.compile(node.item)
        self.program.slots = program.slots
        self._emit("look", program, node.ahead, node.negative)

    def _repeat(self, node: nodes.Repeat) -> None:
        code = self.program.code
        for _ in range(node.least):
            before = len(code)
            self._add(node.item)
            if len(code) == before:
                return
        lazy = node.mode == "lazy"
        if node.most is None:
            slot = self._slot()
            split = self._emit("split", 0, 0)
            self._emit("save", slot)
            self._add(node.item)
            self._emit("again", slot, split)
            code[split] = _split(split + 1, len(code), lazy=lazy)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self._emit("split", 0, 0))
            self._add(node.item)
        for split in splits:
            code[split] = _split(split + 1, len(code), lazy=lazy)


def _is_word(char: str) -> bool:
    return char == "_" or char.isalnum()


def _split(inside: int, after: int, *, lazy: bool) -> tuple[Any, ...]:
    return ("split", after, inside) if lazy else ("split", inside, after)


class Machine:
    r"""Runs programs over one text.

    Args:
        text: the text.
        after: where the match before this one ended, for `\G`.
    """

    def __init__(self, text: str, after: int = 0) -> None:
        self.text = text
        self._after = after
        self._steps = 0

    def run(
        self, program: Program, start: int, saved: list[int], end: int | None
    ) -> int | None:
        """Match from a position on; with an end, exactly up to there.

        Returns:
            Where the match ends, None without one. `saved` is changed in place.
        """
        code, text = program.code, self.text
        stack: list[tuple[int, int, int]] = []
        at, pc = start, 0
        while True:
            self._steps += 1
            if not self._steps % _TICK:
                self._watch(len(stack))
            instruction = code[pc]
            operation = instruction[0]
            pc += 1
            if operation == "one":
                if at < len(text) and instruction[1](text[at]):
                    at += 1
                    continue
            elif operation == "split":
                stack.append((instruction[2], at, -1))
                pc = instruction[1]
                continue
            elif operation == "jump":
                pc = instruction[1]
                continue
            elif operation == "match":
                if end is None or at == end:
                    return at
            elif operation == "cut":
                height = saved[instruction[1]]
                stack[height:] = [entry for entry in stack[height:] if entry[2] >= 0]
                continue
            elif operation in ("save", "fence"):
                slot = instruction[1]
                stack.append((-1, saved[slot], slot))
                saved[slot] = at if operation == "save" else len(stack)
                continue
            elif operation == "again":
                if saved[instruction[1]] < at:
                    pc = instruction[2]
                continue
            else:
                after = self._try(instruction, at, saved)
                if after is not None:
                    at = after
                    continue
            while stack:
                pc, at, slot = stack.pop()
                if slot < 0:
                    break
                saved[slot] = at
            else:
                return None

    def _watch(self, height: int) -> None:
        tick()
        if self._steps > _MAX_STEPS or height > _MAX_STACK:
            raise failed("The regular expression takes too long")

    def _try(
        self, instruction: tuple[Any, ...], at: int, saved: list[int]
    ) -> int | None:
        """Run what depends on the surroundings; gives the position after it."""
        operation = instruction[0]
        if operation == "place":
            return at if self._is_at(instruction[1], at, instruction[2]) else None
        if operation == "look":
            return self._look(instruction, at, saved)
        start, end = saved[2 * instruction[1]], saved[2 * instruction[1] + 1]
        if start < 0 or end < 0:
            return None
        wanted, found = self.text[start:end], self.text[at : at + end - start]
        if instruction[2]:
            wanted, found = wanted.lower(), found.lower()
        return at + end - start if wanted == found else None

    def _look(
        self, instruction: tuple[Any, ...], at: int, saved: list[int]
    ) -> int | None:
        _, program, ahead, negative = instruction
        before = saved.copy()
        starts = (at,) if ahead else range(at, -1, -1)
        found = any(
            self.run(program, start, saved, None if ahead else at) is not None
            for start in starts
        )
        if negative or not found:
            saved[:] = before
        return at if found != negative else None

    def _is_at(self, name: str, at: int, multiline: bool) -> bool:
        text, length = self.text, len(self.text)
        if name in ("b", "B"):
            before = at > 0 and _is_word(text[at - 1])
            after = at < length and _is_word(text[at])
            return (before != after) == (name == "b")
        if name == "G":
            return at == self._after
        if name == "A" or (name == "^" and not multiline):
            return at == 0
        if name == "z":
            return at == length
        between = text[at - 1 : at] == "\r" and text[at : at + 1] == "\n"
        if name == "^":
            starts = at == 0 or (text[at - 1] in LINE_ENDS and at < length)
            return starts and not between
        if multiline:
            return at == length or (text[at] in LINE_ENDS and not between)
        rest = text[at:]
        return not between and (
            not rest or rest == "\r\n" or (len(rest) == 1 and rest in LINE_ENDS)
        )
