"""The forms in which a function can be named (API reference, `Invoke`)."""


def split_name(text: str) -> tuple[str, str | None]:
    """Give name and qualifier of a name, partial ARN or ARN.

    `name`, `name:alias`, `123456789012:function:name`, `arn:…:function:name:alias`.
    """
    parts = text.split(":")
    for before in (1, 5):
        if len(parts) > before + 1 and parts[before] == "function":
            parts = parts[before + 1 :]
            break
    return parts[0], parts[1] if len(parts) > 1 else None


def invoked_arn(arn: str, text: str) -> str:
    """Give the ARN a function is told it was invoked by: with the caller's qualifier.

    Versions and aliases are not emulated, every qualifier runs the one version.
    """
    qualifier = split_name(text)[1]
    return f"{arn}:{qualifier}" if qualifier else arn
