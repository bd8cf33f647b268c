// @aws-appsync/utils/dynamodb: requests without type mapping. Shapes as recorded from
// EvaluateCode (localstack/appsync-utils) and told by the guide's built-in modules page.
(function ($) {
  "use strict";
  const { toDynamoDB, toMapValues } = $.part("values");
  const { dynamoDBExpression } = $.part("transform");

  // Left-out and null options do not show in the request.
  function request(operation, options) {
    const made = { operation };
    for (const name of Object.keys(options)) {
      if ((options[name] ?? null) !== null) made[name] = options[name];
    }
    return made;
  }

  // An expression as an object; values only when there are some.
  function expression(filter) {
    if ((filter ?? null) === null) return undefined;
    const made = dynamoDBExpression(filter);
    // Going on without the expression would read or write more than was asked for.
    if (made === null) $.reject("The expression cannot be rendered for DynamoDB.");
    const { expression, expressionNames, expressionValues } = made;
    return Object.keys(expressionValues).length === 0
      ? { expression, expressionNames }
      : made;
  }

  // Numbers the names and values of one request: #expName_1, :expValue_1.
  class Aliases {
    constructor() {
      this.names = {};
      this.values = {};
      this.byName = { __proto__: null };
      this.nameCount = 0;
      this.valueCount = 0;
    }

    name(name) {
      if (this.byName[name] === undefined) {
        const alias = `#expName_${++this.nameCount}`;
        this.byName[name] = alias;
        this.names[alias] = name;
      }
      return this.byName[name];
    }

    value(value) {
      const alias = `:expValue_${++this.valueCount}`;
      this.values[alias] = toDynamoDB(value);
      return alias;
    }
  }

  function projection(paths) {
    if (!Array.isArray(paths)) return undefined;
    const aliases = new Aliases();
    const parts = paths.map((path) =>
      $.join(
        String(path)
          .split(".")
          .map((segment) => aliases.name(segment)),
        ".",
      ),
    );
    return { expression: $.join(parts, ", "), expressionNames: aliases.names };
  }

  // ---- operations ---------------------------------------------------------------

  const MARK = "OPERATION_";
  const isOperation = (value) =>
    $.isPlain(value) && typeof value.type === "string" && value.type.startsWith(MARK);

  // The marker of updateListItem serialises to nothing (observed), so it is a function
  // with members: JSON leaves functions out.
  function updateListItem(value, index) {
    const marker = () => undefined;
    marker.value = value;
    marker.index = index;
    return marker;
  }

  const operations = {
    add: (value) => ({ type: "OPERATION_ADD", value }),
    append: (items) => ({ type: "OPERATION_APPEND", items }),
    decrement: (by = 1) => ({ type: "OPERATION_DECREMENT", by }),
    increment: (by = 1) => ({ type: "OPERATION_INCREMENT", by }),
    prepend: (items) => ({ type: "OPERATION_PREPEND", items }),
    remove: () => ({ type: "OPERATION_REMOVE" }),
    replace: (value) => ({ type: "OPERATION_REPLACE", value }),
    updateListItem,
  };

  const isListItem = (value) => typeof value === "function" && "index" in value;

  const isListItems = (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isListItem);

  function updateExpression(update) {
    const changes = [];
    collect(update ?? {}, [], changes);
    const aliases = new Aliases();
    const path = (segments) =>
      $.join(
        segments.map((segment) => aliases.name(segment)),
        ".",
      );
    const sets = changes
      .filter((change) => change.kind !== "remove")
      .map((change) => assignment(path(change.path), change, aliases));
    const removes = changes
      .filter((change) => change.kind === "remove")
      .map((change) => path(change.path));
    const parts = [];
    if (sets.length > 0) parts.push(`SET ${$.join(sets, ", ")}`);
    if (removes.length > 0) parts.push(`REMOVE ${$.join(removes, ", ")}`);
    return {
      expression: $.join(parts, " "),
      expressionNames: aliases.names,
      expressionValues: aliases.values,
    };
  }

  function collect(values, path, changes) {
    for (const key of Object.keys(values)) {
      const value = values[key];
      const at = [...path, key];
      if (value === undefined) continue;
      if (isOperation(value)) {
        changes.push({ path: at, ...changeOf(value) });
      } else if (isListItems(value)) {
        for (const item of value) {
          changes.push({ path: at, kind: "item", value: item.value, index: item.index });
        }
      } else if ($.isPlain(value) && Object.keys(value).length > 0) {
        // Only the keys in the payload are updated; operations.replace is for when "you
        // want to update the entire object" (developer guide, built-in modules).
        collect(value, at, changes);
      } else changes.push({ path: at, kind: "set", value });
    }
  }

  function changeOf(operation) {
    switch (operation.type) {
      case "OPERATION_REMOVE":
        return { kind: "remove" };
      case "OPERATION_APPEND":
        return { kind: "append", value: operation.items };
      case "OPERATION_PREPEND":
        return { kind: "prepend", value: operation.items };
      case "OPERATION_INCREMENT":
        return { kind: "increment", value: operation.by };
      case "OPERATION_DECREMENT":
        return { kind: "decrement", value: operation.by };
      default: // add is SET as well, not DynamoDB's ADD (observed)
        return { kind: "set", value: operation.value };
    }
  }

  function assignment(path, { kind, value, index }, aliases) {
    const alias = aliases.value(value);
    switch (kind) {
      case "append":
        return `${path} = list_append(${path}, ${alias})`;
      case "prepend":
        return `${path} = list_append(${alias}, ${path})`;
      case "increment":
        return `${path} = ${path} + ${alias}`;
      case "decrement":
        return `${path} = ${path} - ${alias}`;
      case "item":
        return `${path}[${index}] = ${alias}`;
      default:
        return `${path} = ${alias}`;
    }
  }

  // ---- requests -----------------------------------------------------------------

  const get = ({ key, projection: paths, ...options }) =>
    request("GetItem", {
      key: toMapValues(key),
      ...options,
      projection: projection(paths),
    });

  const put = ({ key, item, condition, ...options }) =>
    request("PutItem", {
      key: toMapValues(key),
      attributeValues: toMapValues(item),
      condition: expression(condition),
      ...options,
    });

  const update = ({ key, update: changes, condition, ...options }) =>
    request("UpdateItem", {
      key: toMapValues(key),
      update: updateExpression(changes),
      condition: expression(condition),
      ...options,
    });

  const remove = ({ key, condition, ...options }) =>
    request("DeleteItem", {
      key: toMapValues(key),
      condition: expression(condition),
      ...options,
    });

  const query = ({ query: keys, filter, projection: paths, ...options }) =>
    request("Query", {
      query: expression(keys),
      ...options,
      filter: expression(filter),
      projection: projection(paths),
    });

  const scan = ({ filter, projection: paths, ...options } = {}) =>
    request("Scan", {
      ...options,
      filter: expression(filter),
      projection: projection(paths),
    });

  const sync = ({ filter, ...options } = {}) =>
    request("Sync", { ...options, filter: expression(filter) });

  function tables(given, make) {
    const made = {};
    for (const name of Object.keys(given ?? {})) made[name] = make(given[name]);
    return made;
  }

  const batchGet = (payload) =>
    request("BatchGetItem", {
      tables: tables(payload.tables, ({ keys, consistentRead, projection: paths }) => {
        const table = { keys: keys.map((key) => toMapValues(key)) };
        if ((consistentRead ?? null) !== null) table.consistentRead = consistentRead;
        const projected = projection(paths);
        if (projected !== undefined) table.projection = projected;
        return table;
      }),
    });

  const items = (list) => list.map((item) => toMapValues(item));
  const batchPut = (payload) =>
    request("BatchPutItem", { tables: tables(payload.tables, items) });
  const batchDelete = (payload) =>
    request("BatchDeleteItem", { tables: tables(payload.tables, items) });

  const transactGet = (payload) =>
    request("TransactGetItems", {
      transactItems: payload.items.map(({ table, key, projection: paths }) => {
        const item = { table, key: toMapValues(key) };
        const projected = projection(paths);
        if (projected !== undefined) item.projection = projected;
        return item;
      }),
    });

  const TRANSACTIONS = {
    __proto__: null,
    putItem: "PutItem",
    updateItem: "UpdateItem",
    deleteItem: "DeleteItem",
    conditionCheck: "ConditionCheck",
  };

  function transactItem(item) {
    const kind = Object.keys(item).find((key) => TRANSACTIONS[key] !== undefined);
    const { table, key, item: values, update: changes, condition } = item[kind];
    const made = { table, operation: TRANSACTIONS[kind], key: toMapValues(key) };
    if (values !== undefined) made.attributeValues = toMapValues(values);
    if (changes !== undefined) made.update = updateExpression(changes);
    const checked = expression(condition);
    if (checked !== undefined) made.condition = checked;
    return made;
  }

  const transactWrite = (payload) =>
    request("TransactWriteItems", { transactItems: payload.items.map(transactItem) });

  // Unlike util.dynamodb's, these do not look at null (observed).
  const toStringSet = (list) => ({ SS: list });
  const toNumberSet = (list) => ({ NS: list });
  const toBinarySet = (list) => ({ BS: list });

  return {
    batchDelete,
    batchGet,
    batchPut,
    get,
    operations,
    put,
    query,
    remove,
    scan,
    sync,
    toBinarySet,
    toNumberSet,
    toStringSet,
    transactGet,
    transactWrite,
    update,
  };
});
