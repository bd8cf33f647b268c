"""APPSYNC_JS: resolver code in JavaScript or TypeScript, evaluated in this process."""

from appsync_resolvers.js.engine import JsEngine

__all__ = ["JsEngine"]
