"""Records what Velocity 1.7 and Jackson make of templates and texts, see README.md.

Run it with `python record.py`; it needs a JDK and the jars that README.md names.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import generate  # type: ignore[import-not-found]  # a sibling of this script
import library  # type: ignore[import-not-found]  # a sibling of this script

HERE = Path(__file__).parent
RECORDED = HERE.parent / "recorded"
JARS = Path("/usr/share/java")
NAMES = (
    "velocity",
    "commons-collections3",
    "commons-lang",
    "jackson-core",
    "jackson-databind",
    "jackson-annotations",
)
ARGUMENTS: dict[str, Any] = {
    "s": "Hello",
    "n": 7,
    "n0": 0,
    "d": 2.5,
    "t": True,
    "f": False,
    "z": None,
    "e": "",
    "l": [3, 1, 2],
    "el": [],
    "em": {},
    "big": 12345678901,
    "huge": 123456789012345678901234567890,
    "m": {"a": 1, "b": "two", "c": None, "list": [10, 20], "map": {"x": "y"}},
    "users": [{"name": "Ann", "age": 30}, {"name": "Bob", "age": 25}],
    "words": "b,a,c",
    "uni": "aé\U0001f600b",
}
PREAMBLE = "".join(f"#set(${name}=$ctx.args.{name})" for name in ARGUMENTS)
_PLAIN = "-XX:-ShowCodeDetailsInExceptionMessages"
"""Keeps NullPointerExceptions as short as they were before Java 14."""
BY_CHANCE = re.compile(r"@[0-9a-f]{5,8}|\$Itr")
"""Output that differs from run to run."""


def templates() -> dict[str, list[str]]:
    """Give all templates by the name of their group."""
    groups = {}
    for path in sorted((HERE / "templates").glob("*.txt")):
        parts = path.read_text().split("\n%%\n")
        groups[path.stem] = [part.removesuffix("\n") for part in parts]
    made = (generate.make(seed) for seed in range(2500))
    groups["generated"] = [text for text in made if len(text) < 260][:800]
    groups["spaces"] = generate.make_spaces()
    groups["calls"] = [generate.make_call(seed) for seed in range(900)]
    groups["mistakes"] = [generate.make_mistake(seed) for seed in range(1000)]
    return groups


def run(
    requests: list[dict[str, Any]], program: str = "Recorder"
) -> list[dict[str, Any]]:
    """Ask the engines."""
    path = ":".join(str(JARS / f"{name}.jar") for name in NAMES)
    with tempfile.TemporaryDirectory() as folder:
        compile_it = ["javac", "-cp", path, "-d", folder, str(HERE / f"{program}.java")]
        subprocess.run(compile_it, check=True)
        done = subprocess.run(
            ["java", "-Xss4m", _PLAIN, "-cp", f"{path}:{folder}", program],
            input="\n".join(map(json.dumps, requests)),
            capture_output=True,
            text=True,
            check=True,
        )
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def write(name: str, data: dict[str, Any]) -> None:
    """Write a file with one case a line."""
    cases = data.pop("cases")
    head = json.dumps(data, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path = RECORDED / f"{name}.json"
    path.write_text(f'{head},\n "cases": [\n{lines}\n]}}\n')


def record_templates() -> None:
    """Record `recorded/<group>.json` for every group of templates."""
    for name, texts in templates().items():
        context = {"ctx": {"args": ARGUMENTS}}
        answers = run([{"t": PREAMBLE + text, "c": context} for text in texts])
        cases = [
            [text, {key: value for key, value in answer.items() if key != "x"}]
            for text, answer in zip(texts, answers, strict=True)
            if not BY_CHANCE.search(str(answer.get("o")))
        ]
        provenance = "Velocity 1.7 (Debian velocity 1.7-6), recorded by record.py"
        data = {"provenance": provenance, "arguments": ARGUMENTS, "cases": cases}
        write(name, data)


def record_json() -> None:
    """Record `recorded/json.json`: what Jackson says of texts."""
    texts = json.loads((HERE / "json_texts.json").read_text())
    answers = run([{"j": text} for text in texts])
    provenance = "Jackson 2.14 (Debian libjackson2-databind-java), by record.py"
    cases = [list(pair) for pair in zip(texts, answers, strict=True)]
    write("json", {"provenance": provenance, "cases": cases})


def record_library() -> None:
    """Record `recorded/dates.json` and `recorded/regexes.json`: Java's own library."""
    questions = {
        "dates": library.date_questions(),
        "regexes": library.regex_questions(),
    }
    for name, asked in questions.items():
        answers = run(asked, "Library")
        cases = [list(pair) for pair in zip(asked, answers, strict=True)]
        write(name, {"provenance": "OpenJDK 17, recorded by record.py", "cases": cases})


if __name__ == "__main__":
    RECORDED.mkdir(exist_ok=True)
    record_templates()
    record_json()
    record_library()
