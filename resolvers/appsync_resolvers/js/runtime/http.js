// util.http. What a response header may be called is checked by the host, which also
// knows the headers set before.
(function ($) {
  "use strict";
  const NOT_COPIED = [
    "transfer-encoding",
    "connection",
    "host",
    "expect",
    "keep-alive",
    "upgrade",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "content-length",
  ];

  function copyHeaders(headers) {
    const copy = {};
    for (const name of Object.keys(headers ?? {})) {
      if (!NOT_COPIED.includes(name.toLowerCase())) copy[name] = headers[name];
    }
    return copy;
  }

  function addResponseHeader(name, value) {
    const text = typeof value === "string" ? value : ($.stringify(value) ?? "null");
    $.effects().h.push([String(name), text]);
  }

  function addResponseHeaders(headers) {
    for (const name of Object.keys(headers ?? {})) {
      addResponseHeader(name, headers[name]);
    }
  }

  return { addResponseHeader, addResponseHeaders, copyHeaders };
});
