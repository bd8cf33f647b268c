"""What the developer guide excludes though the plugin has no rule for it.

The service refuses these too, in words nobody has published; ours follow the plugin's.
Source: AppSync developer guide, supported runtime features.
"""

from collections.abc import Iterator

from appsync_resolvers.js.source.lint.file import File, Finding
from appsync_resolvers.js.source.tree import FUNCTIONS

_EXCLUDED = {
    "throw_statement": "Throw statements are not supported. Use util.error().",
    "class": "Class expressions are not supported.",
    "generator_function": "Generator functions are not supported.",
    "with_statement": "With statements are not supported.",
    "debugger_statement": "Debugger statements are not supported.",
    "import": "Dynamic imports are not supported.",
    "meta_property": "Meta properties are not supported.",
    "decorator": "Decorators are not supported.",
    "internal_module": "Namespaces are not supported.",
    "import_require_clause": "import = require() is not supported.",
}


def not_in_the_documented_language(file: File) -> Iterator[Finding]:
    """Find syntax outside the documented subset."""
    for type_, message in _EXCLUDED.items():
        for node in file.tree.all(type_):
            parent = file.tree.parent(node)
            if type_ == "class" and parent and parent.type == "export_statement":
                continue  # a declaration, which is the plugin's business
            yield Finding("", message, node)
    for node in file.tree.all("number"):
        if file.tree.source(node).endswith("n"):
            yield Finding("", "BigInt literals are not supported.", node)
    for node in file.tree.all(*(FUNCTIONS & {"method_definition"})):
        if any(child.type == "*" for child in node.children[:2]):
            yield Finding("", "Generator functions are not supported.", node)
    for node in file.tree.all("for_in_statement"):
        if any(child.type == "await" for child in node.children[:2]):
            yield Finding("", "For await statements are not supported.", node)
