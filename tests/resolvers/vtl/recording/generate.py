"""Makes templates at random, always the same ones: seeds are numbers from 0 on."""

import random
from collections.abc import Callable, Sequence

NAMES = ("s", "n", "n0", "d", "t", "f", "z", "e", "l", "m", "words", "nope", "x", "y")
TEXTS = (
    "a",
    " ",
    "\n",
    "  \n",
    "\t",
    "text ",
    ".",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    '"',
    "'",
    "\\",
    "\\\\",
    "#",
    "##c\n",
    "#*c*#",
    "#[[$s]]#",
    "$",
    "$!",
    "-",
    "_",
    "5",
    "é",
    ":",
    "\r\n",
)
METHODS = (
    "length()",
    "size()",
    "isEmpty()",
    "toString()",
    "toUpperCase()",
    "substring(1)",
    "substring(0,2)",
    "indexOf('l')",
    "replace('l','L')",
    "contains('a')",
    "get(0)",
    "get('a')",
    'get("b")',
    "containsKey('a')",
    "keySet()",
    "values()",
    "equals($s)",
    "equals($n)",
    "split(',')",
    "trim()",
    "concat($s)",
    "intValue()",
    "doubleValue()",
    "compareTo(3)",
    "nope()",
    "put('k',$n)",
    "add($s)",
    "remove('a')",
    "hashCode()",
)
PROPERTIES = ("a", "b", "c", "list", "map", "x", "empty", "nope", "class")
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||")
WORDS = ("eq", "ne", "lt", "gt", "le", "ge", "and", "or")
NUMBERS = ("0", "1", "2", "-1", "7", "2.5", "0.1", "-3.0", "2147483647", "1e3", ".5")


class Maker:
    """Makes one template."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def _one(self, values: Sequence[str]) -> str:
        return self._random.choice(values)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def reference(self, depth: int = 0) -> str:
        """Make `$name…`."""
        text = self._one(NAMES)
        while self._chance(0.35):
            kind = self._random.randrange(4)
            if kind == 0:
                text += "." + self._one(PROPERTIES)
            elif kind == 3 and depth < 3:
                text += f"[{self.index(depth + 1)}]"
            else:
                text += "." + self._one(METHODS)
        mark = self._one(("$", "$", "$", "$!"))
        return f"{mark}{{{text}}}" if self._chance(0.3) else mark + text

    def index(self, depth: int) -> str:
        """Make what stands in brackets."""
        return self._one(("0", "1", "-1", "'a'", '"b"', self.reference(depth)))

    def expression(self, depth: int = 0) -> str:
        """Make an expression."""
        kind = self._random.randrange(12)
        if kind < 4 or depth > 3:
            return self.reference(depth)
        if kind < 6:
            return self._one(NUMBERS)
        if kind == 6:
            return self._one(
                ('"a"', "'b'", '"$s"', '"$nope-$n"', '""', "true", "false")
            )
        if kind == 7:
            items = [
                self.expression(depth + 3) for _ in range(self._random.randrange(3))
            ]
            return "[" + ", ".join(items) + "]"
        if kind == 8:
            return f"({self.expression(depth + 1)})"
        if kind == 9:
            return self._one(("!", "! ", "not ")) + self.expression(depth + 1)
        operator = self._one(OPERATORS if self._chance(0.8) else WORDS)
        left, right = self.expression(depth + 1), self.expression(depth + 1)
        return f"{left} {operator} {right}"

    def statement(self, depth: int) -> str:
        """Make text, a reference or a directive."""
        makers: list[Callable[[], str]] = [
            lambda: self._one(TEXTS),
            lambda: self._one(TEXTS),
            self.reference,
            self.reference,
            lambda: f"#set($x = {self.expression()})",
            lambda: f"#set( $y={self.expression()} )" + self._one(("", "\n", " ")),
        ]
        if depth < 3:
            makers += [
                lambda: self.condition(depth),
                lambda: self.loop(depth),
                lambda: self.condition(depth),
            ]
        return self._random.choice(makers)()

    def block(self, depth: int) -> str:
        """Make a few statements."""
        count = self._random.randrange(1, 5)
        return "".join(self.statement(depth) for _ in range(count))

    def condition(self, depth: int) -> str:
        """Make `#if`."""
        space = self._one(("", "", " ", "\n", "  \n"))
        text = f"#if({self.expression()}){space}{self.block(depth + 1)}"
        if self._chance(0.3):
            text += f"#elseif({self.expression()}){self.block(depth + 1)}"
        if self._chance(0.5):
            text += self._one(("#else", "#{else}", "#else ", "#else\n"))
            text += self.block(depth + 1)
        return text + self._one(("#end", "#{end}", "#end\n", "#end \n"))

    def loop(self, depth: int) -> str:
        """Make `#foreach`."""
        source = self._one(("$l", "[1..3]", "$m", "['a',$n]", self.expression()))
        body = self.block(depth + 1)
        if self._chance(0.4):
            body += self._one(
                (
                    "$foreach.count",
                    "$foreach.index",
                    "#if($foreach.hasNext), #end",
                    "$velocityCount",
                    "#if($x)#break#end",
                )
            )
        return f"#foreach($x in {source}){body}#end" + self._one(("", "\n"))


def make(seed: int) -> str:
    """Give the template of a seed."""
    return Maker(seed).block(0)


_STRINGS = ("Hello", "", "a,b,,c,,", "  pad ", "ünïcödé", "aaa", "x.y.z", "A1b2C3")
_CALLS = (
    "substring({0},{1})",
    "substring({0})",
    "indexOf({2})",
    "indexOf({2},{0})",
    "lastIndexOf({2})",
    "lastIndexOf({2},{0})",
    "replace({2},{3})",
    "replaceAll({4},{3})",
    "replaceFirst({4},{3})",
    "split({4})",
    "split({4},{0})",
    "matches({4})",
    "startsWith({2})",
    "startsWith({2},{0})",
    "endsWith({2})",
    "contains({2})",
    "concat({2})",
    "charAt({0})",
    "compareTo({2})",
    "equalsIgnoreCase({2})",
    "trim()",
    "toUpperCase()",
    "hashCode()",
    "strip()",
    "isBlank()",
    "repeat({0})",
    "codePointAt({0})",
    "regionMatches({0},{2},{1},{0})",
    "join({2},$l)",
    "format('%s|%5s|%-4s|',{2},{0},{3})",
)
_PARTS = ("'l'", "','", "''", "'a'", "'.'", "'H'", "'é'", "'zz'", "'b2'")
_NEW = ("'_'", "''", "'$0'", "'[$1]'", "'xx'", "'\\$'")
_PATTERNS = (
    "'l+'",
    "','",
    "''",
    "'[aeiou]'",
    "'.'",
    "'\\.'",
    "'(.)(.)'",
    "'^.'",
    "'.$'",
    "'\\d+'",
    "'\\s*'",
    "'[^a-z]+'",
    "'a|b'",
    "'(?i)h'",
    "'\\b'",
    "'a*?'",
    "'[a-c&&[^b]]'",
    "'(?<=a)a'",
    "'a(?!a)'",
    "'\\p{Lu}'",
    "'\\w{2}'",
    "'(a+)+'",
    "'x?+'",
    "'\\Q.\\E'",
)


def make_call(seed: int) -> str:
    """Give a template that calls a method of a text with arguments of all kinds."""
    chosen = random.Random(seed)
    call = chosen.choice(_CALLS).format(
        chosen.randrange(-1, 7),
        chosen.randrange(-1, 7),
        chosen.choice(_PARTS),
        chosen.choice(_NEW),
        chosen.choice(_PATTERNS),
    )
    text = chosen.choice(_STRINGS)
    result = f"#set($r = $q.{call})"
    shown = "#foreach($i in $r)<$i>#end" if call.startswith("split") else "[$r]"
    return f"#set($q = '{text}'){result}{shown}"


_BEFORE = ("", "a", " ", "a ", "\n", "a\n", "\n  ", "\t", "\r\n", "$s", "$s ", "$s.x ")
_AFTER = ("", "b", " ", " b", "\n", "\nb", " \n", "  \n  b", "\r\n", "\n\nb", "\t\nb")
_BETWEEN = (
    "#set($x=1)",
    "#set( $x = 1 )",
    "#if($t)y#end",
    "#if($t) y #end",
    "#if($t)\ny\n#end",
    "#if($f)y#end",
    "#if($f)\ny\n#else\nz\n#end",
    "#if($t)y#{else}z#{end}",
    "#if($f)y#elseif($t) \nw#end",
    "#foreach($i in [1..2])$i#end",
    "#foreach($i in [1..2])\n$i\n#end",
    "#foreach($i in [1..2]) \n  $i #end",
    "## c\n",
    "#* c *#",
    "#** c *#",
    "#[[ r ]]#",
    "$nope",
    "$!nope",
    "${s}",
    "$l.size()",
    "$m.put('q', 1)",
    "\\$s",
    "\\#if",
    "#unknown",
    "#unknown()",
    "#define($b)d#end",
    "#define($b)\nd\n#end\n$b",
    "#macro(q)m#end",
    "#break",
    "#stop",
)


def make_spaces() -> list[str]:
    """Give templates with white space in all places around directives."""
    return [
        before + between + after
        for between in _BETWEEN
        for before in _BEFORE
        for after in _AFTER
        if len(before + after) % 3 != len(between) % 3 or len(before + after) < 3
    ]


_TOKENS = (
    *("#if(", "#elseif(", "#else", "#end", "#{else}", "#set(", "#foreach(", "#define("),
    *(
        "$x",
        "$!{x}",
        "${x}",
        "$x.a",
        "$x.b(",
        "$x[",
        "]",
        ")",
        "(",
        "{",
        "}",
        "[",
        "..",
    ),
    *("=", "==", "&&", "||", "!", " in ", "1", "2.5", "-", "+", "'a'", '"b"', '"$x"'),
    *(
        ",",
        ":",
        " ",
        "\n",
        "text",
        "##c\n",
        "#*c*#",
        "#[[",
        "]]#",
        "\\",
        "\\$x",
        "\\#if",
    ),
    *("#stop", "#break", "#return(", "#literal(", "true", "false", "null", "$", "#"),
    *("#a", "#a(", "@", "eq", "and", "not", "%", "*", "/", "#5)", "#'x')"),
)
_TEMPLATES = (
    "#if($x == 1)a#else b#end",
    "#set($x = [1, {'a': 2}])$x",
    "#foreach($i in [1..3])$i#end",
    "#set($y = (1 + 2) * 3)$y",
    "$x.a.b(1)[2]",
    '#if(true)#set($z = "q")#end$z',
    "#define($d)x#end$d",
    "${x.a} $!{x.b('c')}",
)


def make_mistake(seed: int) -> str:
    """Give a few tokens in a row, or a template with some put in or taken out."""
    chosen = random.Random(seed)
    if chosen.random() < 0.5:
        return "".join(chosen.choices(_TOKENS, k=chosen.randrange(1, 9)))
    text = chosen.choice(_TEMPLATES)
    for _ in range(chosen.randrange(1, 4)):
        at = chosen.randrange(len(text) + 1)
        rest = text[at:] if chosen.random() < 0.6 else text[at + 1 :]
        put = chosen.choice(_TOKENS) if chosen.random() < 0.6 else ""
        text = text[:at] + put + rest
    return text
