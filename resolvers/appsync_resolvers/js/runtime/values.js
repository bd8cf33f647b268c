// util.dynamodb: DynamoDB's typed values. Numbers stay JSON numbers and NULL carries
// null (observed: recordings of EvaluateCode in localstack/appsync-utils).
(function ($) {
  "use strict";

  function toDynamoDB(value) {
    switch (typeof value) {
      case "string":
        return { S: value };
      case "number":
        return { N: value };
      case "boolean":
        return { BOOL: value };
      case "object":
        if (value === null) return { NULL: null };
        if (Array.isArray(value)) return { L: value.map(toItem) };
        return { M: toMapValues(value) };
      default:
        return { NULL: null };
    }
  }

  const toItem = (value) => toDynamoDB(value);

  function toMapValues(values) {
    if (values === null || values === undefined) return null;
    const typed = {};
    for (const name of Object.keys(values)) {
      // An undefined member is no member: JSON has no such value.
      if (values[name] !== undefined) typed[name] = toDynamoDB(values[name]);
    }
    return typed;
  }

  // "null if the input is null" (type declarations of @aws-appsync/utils).
  const typed = (type) => (value) =>
    value === null || value === undefined ? null : { [type]: value };

  function toS3Object(key, bucket, region, version) {
    return { S: $.stringify({ s3: { key, bucket, region, version } }) };
  }

  function fromS3ObjectJson(text) {
    const found = JSON.parse(text);
    const s3 = $.isPlain(found) ? found.s3 : undefined;
    if (!$.isPlain(s3)) return null;
    const { bucket, region, key, version } = s3;
    return version === undefined
      ? { bucket, region, key }
      : { bucket, region, key, version };
  }

  return {
    toDynamoDB,
    toString: typed("S"),
    toStringSet: typed("SS"),
    toNumber: typed("N"),
    toNumberSet: typed("NS"),
    toBinary: typed("B"),
    toBinarySet: typed("BS"),
    toBoolean: typed("BOOL"),
    toNull: () => ({ NULL: null }),
    toList: (list) =>
      list === null || list === undefined ? null : { L: list.map(toItem) },
    toMap: (map) =>
      map === null || map === undefined ? null : { M: toMapValues(map) },
    toMapValues,
    toS3Object,
    fromS3ObjectJson,
  };
});
