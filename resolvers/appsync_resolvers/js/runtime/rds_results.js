// toJsonObject of util.rds and @aws-appsync/utils/rds: rows of the RDS Data API as objects.
(function ($) {
  "use strict";
  const { isPlain } = $;
  const missing = (value) => value === null || value === undefined;

  const VALUES = ["stringValue", "longValue", "doubleValue", "booleanValue", "blobValue"];
  const LISTS = ["stringValues", "longValues", "doubleValues", "booleanValues"];

  function valueOf(field) {
    for (const key of VALUES) if (!missing(field[key])) return field[key];
    return isPlain(field.arrayValue) ? listOf(field.arrayValue) : undefined;
  }

  function listOf(array) {
    for (const key of LISTS) if (Array.isArray(array[key])) return array[key];
    return (array.arrayValues ?? []).map((inner) => listOf(inner));
  }

  function rowsOf({ records, columnMetadata }) {
    // A statement that reads nothing gives one empty row (observed; the guide speaks of
    // an empty list).
    if (!Array.isArray(records)) return [{}];
    const columns = (columnMetadata ?? []).map(({ label, name }) => label || name);
    return records.map((record) => {
      const row = {};
      for (let i = 0; i < record.length; i++) {
        const value = valueOf(record[i]);
        if (value !== undefined) row[columns[i]] = value; // nulls are left out (observed)
      }
      return row;
    });
  }

  function toJsonObject(result) {
    const found = typeof result === "string" ? JSON.parse(result) : result;
    if (!isPlain(found) || !Array.isArray(found.sqlStatementResults)) return null;
    return found.sqlStatementResults.map((statement) => rowsOf(statement));
  }

  return { toJsonObject };
});
