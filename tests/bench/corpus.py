"""Resolver code that means harm, by name: the tests' own, and templates beside it."""

from pathlib import Path

RESOLVERS = Path(__file__).parents[1] / "resolvers"


def scripts() -> dict[str, str]:
    """Give modules of APPSYNC_JS."""
    bodies = _parts(RESOLVERS / "js" / "hostile.js", "//// ")
    return {
        name: "import { util, runtime } from '@aws-appsync/utils'\n"
        f"export function request(ctx) {{ {body} }}\n"
        "export const response = (ctx) => ctx.result"
        for name, body in bodies.items()
    }


def templates() -> dict[str, str]:
    """Give request mapping templates; the tests tell what comes of each after `=>`."""
    parts = _parts(RESOLVERS / "vtl" / "hostile.vtl", "%%%% ")
    tested = {name.split(" => ")[0]: text for name, text in parts.items()}
    return tested | _parts(Path(__file__).with_name("hostile.vtl"), "##== ")


def _parts(path: Path, mark: str) -> dict[str, str]:
    """Read a file of parts, each after a line that is a mark and a name."""
    _, *parts = f"\n{path.read_text('utf-8')}".split(f"\n{mark}")
    return dict(part.split("\n", 1) for part in parts)
