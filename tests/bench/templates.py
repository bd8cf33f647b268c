"""What both sides of velocity.py evaluate; the standard library only."""

from typing import Any

INVOKE = """\
{
  "version": "2018-05-29",
  "operation": "Invoke",
  "payload": {
    "field": "$ctx.info.fieldName",
    "arguments": $util.toJson($ctx.args),
    "source": $util.toJson($ctx.source)
  }
}
"""

LOGIC = """\
#set($limit = $util.defaultIfNull($ctx.args.limit, 20))
#if($limit > 100)
  #set($limit = 100)
#end
#set($payload = {"field": $ctx.info.fieldName, "limit": $limit})
{
  "version": "2018-05-29",
  "operation": "Invoke",
  "payload": $util.toJson($payload)
}
"""

FOREACH = """\
{
  "version": "2018-05-29",
  "payload": [
    #foreach($item in $ctx.args.items)
      {
        "id": $util.toJson($item.id),
        "title": $util.toJson($item.title),
        "position": $foreach.index,
        #if($item.draft)"state": "draft"#{else}"state": "public"#end
      }#if($foreach.hasNext),#end
    #end
  ]
}
"""

TEMPLATES = {"invoke": INVOKE, "logic": LOGIC, "foreach": FOREACH}

ARGUMENTS: dict[str, Any] = {
    "id": "a1b2c3",
    "limit": 250,
    "author": {"name": "Ada", "roles": ["editor", "reader"]},
}
ITEMS: dict[str, Any] = {
    "items": [
        {"id": f"post-{n}", "title": f"On the number {n}", "draft": n % 5 == 0}
        for n in range(100)
    ]
}
SOURCE = {"id": "blog-1", "name": "Notes"}
INFO = {"fieldName": "posts", "parentTypeName": "Blog", "variables": {}}


def arguments(key: str) -> dict[str, Any]:
    """Give the arguments of a case."""
    return ITEMS if key == "foreach" else ARGUMENTS
