// The globals util, extensions, runtime and console.
(function ($) {
  "use strict";
  const { join } = $;

  const optional = (value) => (value === undefined ? null : value);
  const report = (message, type, data, info) => ({
    m: message === null || message === undefined ? null : String(message),
    t: type === null || type === undefined ? null : String(type),
    d: optional(data),
    i: optional(info),
  });

  // The mode is read off the shape of the identity (observed: recordings of
  // EvaluateCode in localstack/appsync-utils, authType). [name, required, optional]
  const IDENTITIES = [
    [
      "IAM Authorization",
      ["accountId", "sourceIp", "username", "userArn"],
      [
        "cognitoIdentityPoolId",
        "cognitoIdentityId",
        "cognitoIdentityAuthType",
        "cognitoIdentityAuthProvider",
      ],
    ],
    [
      "User Pool Authorization",
      ["sourceIp", "username", "sub", "issuer", "claims", "defaultAuthStrategy"],
      ["groups"],
    ],
    ["Open ID Connect Authorization", ["sub", "issuer", "claims"], []],
    ["Lambda Authorization", [], ["resolverContext"]],
  ];

  function authType() {
    const identity = $.member("identity");
    if ($.isPlain(identity)) {
      const keys = Object.keys(identity);
      for (const [name, required, others] of IDENTITIES) {
        const complete = required.every((key) => (identity[key] ?? null) !== null);
        const known = keys.every((key) => required.includes(key) || others.includes(key));
        if (complete && known) return name;
      }
    }
    return "API Key Authorization";
  }

  const time = (name) => (first, second, third) =>
    $.part("time")[name](first, second, third);
  const parsed = (name) => (text, pattern, zone) =>
    $.part("time_parsing")[name](text, pattern, zone);
  const transform = (name) => (value, ignored, rules) =>
    $.part("transform")[name](value, ignored, rules);

  const util = {
    autoId: () => $.part("ids").autoId(),
    autoKsuid: () => $.part("ids").autoKsuid(),
    autoUlid: () => $.part("ids").autoUlid(),
    base64Decode: (value) => $.part("encoding").base64Decode(value),
    base64Encode: (value) => $.part("encoding").base64Encode(value),
    escapeJavaScript: (value) => $.part("encoding").escapeJavaScript(value),
    urlDecode: (value) => $.part("encoding").urlDecode(value),
    urlEncode: (value) => $.part("encoding").urlEncode(value),
    authType,
    error(message, type, data, info) {
      throw new $.Signal("error", report(message, type, data, info));
    },
    appendError(message, type, data, info) {
      $.effects().e.push(report(message, type, data, info));
    },
    unauthorized() {
      throw new $.Signal("unauthorized", null);
    },
    matches: (pattern, value) =>
      $.part("regex").matches(String(pattern), String(value)),
    time: {
      nowISO8601: () => $.part("time").epochMilliSecondsToISO8601($.now()),
      nowEpochSeconds: () => Math.floor($.now() / 1000),
      nowEpochMilliSeconds: () => $.now(),
      nowFormatted: (pattern, zone) =>
        $.part("time").epochMilliSecondsToFormatted($.now(), pattern, zone),
      parseFormattedToEpochMilliSeconds: parsed("parseFormattedToEpochMilliSeconds"),
      parseISO8601ToEpochMilliSeconds: parsed("parseISO8601ToEpochMilliSeconds"),
      epochMilliSecondsToSeconds: (milliseconds) => {
        const seconds = milliseconds / 1000;
        return seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
      },
      epochMilliSecondsToISO8601: time("epochMilliSecondsToISO8601"),
      epochMilliSecondsToFormatted: time("epochMilliSecondsToFormatted"),
    },
    dynamodb: $.part("values"),
    rds: { toJsonObject: (result) => $.part("rds_results").toJsonObject(result) },
    http: $.part("http"),
    xml: {
      toMap: (text) => $.part("xml").toMap(text),
      toJsonString: (text, encode) => $.part("xml").toJsonString(text, encode),
    },
    transform: {
      toDynamoDBFilterExpression: transform("toDynamoDBFilterExpression"),
      toDynamoDBConditionExpression: transform("toDynamoDBFilterExpression"),
      toElasticsearchQueryDSL: transform("toElasticsearchQueryDSL"),
      toSubscriptionFilter: transform("toSubscriptionFilter"),
    },
    math: {
      roundNum: (number) => Math.round(number),
      minVal: (first, second) => Math.min(first, second),
      maxVal: (first, second) => Math.max(first, second),
      randomDouble: () => Math.random(),
      // The guide leaves open whether the upper end can come up; Java's usual
      // generators exclude it.
      randomWithinRange: (start, end) =>
        start + Math.floor(Math.random() * (end - start)),
    },
    str: { normalize: (text, form) => text.normalize(String(form).toUpperCase()) },
  };

  const extensions = {
    evictFromApiCache(type, field, keys) {
      $.effects().c.push([String(type), String(field), keys ?? {}]);
    },
    setSubscriptionFilter(filter) {
      $.effects().f = optional(filter);
    },
    setSubscriptionInvalidationFilter(filter) {
      $.effects().i = optional(filter);
    },
    invalidateSubscriptions(invalidation) {
      $.effects().v.push(optional(invalidation));
    },
  };

  const runtime = {
    earlyReturn(value, options) {
      const skipTo = options?.skipTo;
      const known = skipTo === "END" || skipTo === "NEXT";
      throw new $.Signal("return", { v: optional(value), s: known ? skipTo : null });
    },
  };

  const log = (level) => (...values) => {
    const texts = values.map((value) => $.stringify(value) ?? "undefined");
    $.effects().l.push([level, $.stack(), join(texts, " ")]);
  };
  const console = { debug: log("DEBUG"), error: log("ERROR"), log: log("INFO") };

  return { console, extensions, runtime, util };
});
