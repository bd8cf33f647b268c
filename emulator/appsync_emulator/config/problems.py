"""Collects what is wrong with a project, so that the user sees all of it at once."""

from collections.abc import Generator
from contextlib import contextmanager

from appsync_emulator.errors import ProjectError, ProjectErrors


class Problems:
    """The errors found so far, each once."""

    def __init__(self) -> None:
        self._errors: dict[tuple[object, ...], ProjectError] = {}

    @property
    def any(self) -> bool:
        """Whether anything is wrong so far."""
        return bool(self._errors)

    def add(self, error: ProjectError) -> None:
        """Keep `error`, and the ones in it when it is several."""
        parts = error.errors if isinstance(error, ProjectErrors) else (error,)
        for part in parts:
            # The same wrong value can be met by several readers, in other words.
            what = part.found or part.message
            self._errors.setdefault((part.code, part.origin, what), part)

    @contextmanager
    def collect(self) -> Generator[None]:
        """Keep a `ProjectError` that the body raises, and go on after the body."""
        try:
            yield
        except ProjectError as error:
            self.add(error)

    def raise_any(self) -> None:
        """Raise what was found, in the order of files and lines; nothing if nothing.

        Raises:
            ProjectError: the only error.
            ProjectErrors: several errors.
        """
        if not self._errors:
            return
        errors = sorted(self._errors.values(), key=_place)
        raise errors[0] if len(errors) == 1 else ProjectErrors(errors)


def _place(error: ProjectError) -> tuple[str, int]:
    return error.origin.path, error.origin.line or 0
