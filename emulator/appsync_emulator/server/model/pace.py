"""How fast the stand-in model talks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

OWN = re.compile(
    r"@((?:(?:rate|first)=\d{1,6}(?:\.\d{1,6})?,?"
    r"|jitter=(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?),?)+)$"
)
"""What a model's name may end with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A speed and how steady it is.

    Attributes:
        rate: tokens a second; 0 for no pauses.
        first: seconds until the first token.
        jitter: how far each pause may be from its length, as a part of it, 0 to 1.
    """

    rate: float
    first: float
    jitter: float = 0.0

    def moments(self, rhythm: str) -> Iterator[float]:
        """Yield for token after token the seconds after which it is due, without end.

        Args:
            rhythm: the same pauses come with the same text.
        """
        gap = 1 / self.rate if self.rate > 0 else 0.0
        number = 0
        if not self.jitter:
            while True:  # multiplied, not summed up: nothing drifts
                yield self.first + number * gap
                number += 1
        # Not for secrets, but to have the same pauses again.
        random = Random(rhythm)  # noqa: S311
        at = self.first * (1 + random.uniform(-self.jitter, self.jitter))
        while True:
            yield at
            at += gap * (1 + random.uniform(-self.jitter, self.jitter))

    def of_model(self, model: str) -> "Pace":
        """Give the pace that the model's name asks for, else this one."""
        found = OWN.search(model)
        if found is None:
            return self
        own = dict(part.split("=") for part in found[1].split(",") if part)
        return Pace(
            float(own.get("rate", self.rate)),
            float(own.get("first", self.first)),
            float(own.get("jitter", self.jitter)),
        )
