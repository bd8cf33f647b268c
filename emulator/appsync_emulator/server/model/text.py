"""What the stand-in model says."""

import hashlib
import re

SENTENCES = (
    (
        "No model has read that; the emulator on your machine makes up this answer.",
        "I am a stand-in that lives in the emulator, so take this with some salt.",
        "This is the emulator speaking, and it knows nothing beyond its own purpose.",
    ),
    (
        "Each piece of it is published by a mutation and comes by your subscription.",
        "Your function reads it as a stream and publishes it, one piece at a time.",
        "It travels one token at a time: model, function, mutation, subscription.",
    ),
    (
        "Ask again and you will read the same words, which is good for tests.",
        "The same question always gets the same answer, so a test can rely on it.",
        "Give me the address of a real model and its words will come this way.",
    ),
)
"""One sentence is taken from each group."""

MAX_TOPIC = 80
"""Characters of the prompt that are quoted."""


def answer(prompt: str) -> str:
    """Give the paragraph that answers `prompt`, always the same."""
    topic = " ".join(prompt.split())
    if len(topic) > MAX_TOPIC:
        topic = topic[: MAX_TOPIC - 1].rstrip() + "…"
    digest = hashlib.sha256(prompt.encode()).digest()
    chosen = [group[digest[n] % len(group)] for n, group in enumerate(SENTENCES)]
    return " ".join([f'You asked: "{topic}"', *chosen])


def split(text: str) -> list[str]:
    """Cut `text` into tokens that give it back when joined.

    As with real tokenizers a space belongs to the word that follows it, and long words
    come in pieces.
    """
    return re.findall(r"\s?(?:\w{1,9}|[^\w\s])|\s", text)
