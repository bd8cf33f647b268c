"""Which layers of functions are on this machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from appsync_emulator.config.resources import layer_version
from appsync_emulator.config.resources.reading import Reading
from appsync_emulator.model import LambdaFunction, NotRun
from appsync_emulator.types import Origin


@dataclass(slots=True)
class Layers:
    """The layers of an application, and the functions that have some.

    Attributes:
        given: what the user has of layers from elsewhere, by ARN or name.
        not_run: layers that are nowhere on this machine.
    """

    given: Mapping[str, str]
    not_run: list[NotRun] = field(default_factory=list)
    _contents: dict[str, Path] = field(default_factory=dict)
    _wanted: list[tuple[str, list[str], Origin]] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Take note of a layer of the template."""
        arn, content = layer_version.read(reading)
        self._contents[arn] = content

    def want(self, function: str, reading: Reading) -> None:
        """Take note of the layers that a function asks for."""
        arns = reading.values.get("Layers")
        if arns:
            self._wanted.append((function, arns, reading.origin))

    def functions(
        self, functions: Mapping[str, LambdaFunction]
    ) -> dict[str, LambdaFunction]:
        """Give the functions with the contents of their layers.

        Raises:
            ValueError: what the user has of a layer does not exist.
        """
        found = dict(functions)
        for name, arns, origin in self._wanted:
            layers = tuple(self._found(arns, origin))
            found[name] = replace(found[name], layers=layers)
        return found

    def _found(self, arns: list[str], origin: Origin) -> Iterator[Path]:
        for arn in arns:
            content = self._given(arn) or self._contents.get(arn)
            if content is None:
                # A layer of another account; what it holds can be told by --layer.
                self.not_run.append(NotRun(f"The layer {arn}", origin))
            else:
                yield content

    def _given(self, arn: str) -> Path | None:
        parts = arn.split(":")
        names = (arn, arn.rpartition(":")[0], parts[6] if len(parts) > 6 else arn)
        for name in names:
            if name in self.given:
                path = Path(self.given[name]).absolute()
                if not path.exists():
                    message = (
                        f"--layer {name}={self.given[name]}: there is no such path."
                    )
                    raise ValueError(message)
                return path
        return None
