// @aws-appsync/utils/rds: SQL with bound variables. Text and messages as recorded from
// EvaluateCode (localstack/appsync-utils); joins and aggregates are not recorded and
// follow the samples of aws-samples/aws-appsync-resolver-samples.
(function ($) {
  "use strict";
  const { isPlain } = $;
  const missing = (value) => value === null || value === undefined;
  const HINTS = ["DECIMAL", "JSON", "TIMESTAMP", "TIME", "UUID", "DATE"];

  const typeHint = {};
  for (const type of HINTS) typeHint[type] = (value) => ({ type, value });
  const isHinted = (value) =>
    isPlain(value) && HINTS.includes(value.type) && Object.keys(value).length === 2;

  class Statement {
    constructor(type, properties) {
      this.type = type;
      this.properties = properties;
    }
  }

  class Sql {
    constructor(strings, values) {
      this.strings = strings;
      this.values = values;
    }
  }

  class Aggregate {
    constructor(name, column) {
      this.name = name;
      this.column = column;
    }
  }

  const AGGREGATES = ["max", "min", "count", "avg", "sum"];
  const agg = {};
  for (const name of AGGREGATES) {
    agg[name] = (column) => new Aggregate(name, column);
    agg[`${name}Distinct`] = (column) => new Aggregate(`${name}Distinct`, column);
  }

  function statement(name, type) {
    return (payload) => {
      if (missing(payload)) $.reject(`An argument is expected to be passed to ${name}`);
      if (!isPlain(payload)) $.reject("Expected payload to be an Object.");
      return new Statement(type, payload);
    };
  }
  const select = statement("select", "SELECT");
  const insert = statement("insert", "INSERT");
  const update = statement("update", "UPDATE");
  const remove = statement("remove", "REMOVE");

  function sql(strings, ...values) {
    const simple = (value) => typeof value !== "object" || missing(value) || isHinted(value);
    if (!Array.isArray(strings) || !values.every(simple)) {
      $.reject(
        "java.lang.IllegalArgumentException: Unexpected argument passed to sql tagged template",
      );
    }
    return new Sql(strings, values);
  }

  const COMPARISONS = {
    __proto__: null,
    eq: "=",
    ne: "!=",
    gt: ">",
    ge: ">=",
    lt: "<",
    le: "<=",
  };
  const JOINS = {
    __proto__: null,
    join: "JOIN",
    innerJoin: "INNER JOIN",
    leftJoin: "LEFT JOIN",
    leftOuterJoin: "LEFT OUTER JOIN",
    rightJoin: "RIGHT JOIN",
    rightOuterJoin: "RIGHT OUTER JOIN",
    fullOuterJoin: "FULL OUTER JOIN",
    crossJoin: "CROSS JOIN",
    joinNatural: "NATURAL JOIN",
    innerJoinNatural: "NATURAL INNER JOIN",
    leftJoinNatural: "NATURAL LEFT JOIN",
    leftOuterJoinNatural: "NATURAL LEFT OUTER JOIN",
    rightJoinNatural: "NATURAL RIGHT JOIN",
    rightOuterJoinNatural: "NATURAL RIGHT OUTER JOIN",
    fullOuterJoinNatural: "NATURAL FULL OUTER JOIN",
  };

  // Writes the statements of one request: variables are numbered across them.
  class Writer {
    constructor(quote, hasReturning) {
      this.quote = quote;
      this.hasReturning = hasReturning;
      this.variables = {};
      this.hints = {};
      this.count = 0;
    }

    variable(value) {
      if (missing(value)) return "NULL";
      const hinted = isHinted(value);
      if (hinted && missing(value.value)) return "NULL";
      const name = `:P${this.count++}`;
      this.variables[name] = hinted ? value.value : value;
      if (hinted) this.hints[name] = value.type;
      return name;
    }

    name(path) {
      if (path === "*") return "*";
      const quoted = path.split(".").map((part) => this.quote + part + this.quote);
      return $.join(quoted, ".");
    }

    // { alias: name }, which must be the only pair.
    aliased(alias, what, render) {
      const keys = Object.keys(alias);
      if (keys.length === 0) $.reject("java.util.NoSuchElementException");
      if (keys.length > 1) $.reject(`${what} alias is allowed only one key-value pair.`);
      return `${render(alias[keys[0]])} as ${this.name(keys[0])}`;
    }

    source(properties) {
      const { table, from } = properties;
      if (missing(table) && missing(from)) $.reject("'table' or 'from' key is required.");
      if (!missing(table) && !missing(from)) {
        $.reject("'from' and 'table' keys cannot be used together");
      }
      return missing(table) ? this.from(from) : this.table(table);
    }

    table(table) {
      if (typeof table === "string") return this.name(table);
      if (!isPlain(table) || table instanceof Statement || table instanceof Sql) {
        $.reject("table name is expected to be a string or alias.");
      }
      return this.aliased(table, "table", (name) => this.tableName(name));
    }

    tableName(name) {
      if (typeof name === "string") return this.name(name);
      return this.subquery(name, "Table alias value is expected to be a string.");
    }

    from(from) {
      if (typeof from === "string") return this.name(from);
      if (!isPlain(from)) $.reject("'from' value is expected to be string or object.");
      if (from instanceof Statement || from instanceof Sql) return this.subquery(from, "");
      return this.aliased(from, "table", (name) => this.tableName(name));
    }

    subquery(value, message) {
      if (value instanceof Sql) return `(${this.sql(value)})`;
      const isSelect = value instanceof Statement && value.type === "SELECT";
      if (!isSelect) $.reject(message);
      return `(${this.select(value.properties)})`;
    }

    sql({ strings, values }) {
      const out = [strings[0]];
      for (let i = 0; i < values.length; i++) {
        out.push(this.variable(values[i]), strings[i + 1]);
      }
      return $.join(out, "");
    }

    columns(columns) {
      if (missing(columns) || columns === "*") return "*";
      if (!Array.isArray(columns)) $.reject("Expected column to be * or an array.");
      return this.columnList(columns);
    }

    columnList(columns) {
      return $.join(
        columns.map((column) => this.column(column)),
        ", ",
      );
    }

    column(column) {
      if (typeof column === "string") return this.name(column);
      if (column instanceof Aggregate) return this.aggregate(column.name, column.column);
      if (!isPlain(column)) $.reject("Invalid type in column array.");
      return this.aliased(column, "column", (value) => {
        const inner = value instanceof Statement || value instanceof Sql;
        return inner ? this.subquery(value, "") : this.column(value);
      });
    }

    aggregate(name, column) {
      const distinct = name.endsWith("Distinct");
      const bare = distinct ? name.slice(0, -8) : name;
      const text = this.name(String(column));
      return `${bare.toUpperCase()}(${distinct ? "DISTINCT " : ""}${text})`;
    }

    select(properties) {
      const { columns, where, groupBy, having, orderBy, limit, offset } = properties;
      const parts = ["SELECT", this.columns(columns), "FROM", this.source(properties)];
      for (const key of Object.keys(JOINS)) {
        for (const join of properties[key] ?? []) parts.push(this.join(JOINS[key], join));
      }
      parts.push(this.clause("WHERE", where));
      if (Array.isArray(groupBy) && groupBy.length > 0) {
        const by = groupBy.map((each) =>
          typeof each === "number" ? String(each) : this.name(String(each)),
        );
        parts.push(`GROUP BY ${$.join(by, ", ")}`);
      }
      parts.push(this.clause("HAVING", having), this.orderBy(orderBy));
      parts.push(this.bounded("limit", limit), this.bounded("offset", offset));
      return $.join(
        parts.filter((part) => part !== ""),
        " ",
      );
    }

    join(kind, join) {
      const text = `${kind} ${this.source(join)}`;
      if (Array.isArray(join.using)) return `${text} USING (${this.columnList(join.using)})`;
      if (missing(join.on)) return text;
      return `${text} ON ${this.where(join.on)}`;
    }

    clause(keyword, condition) {
      if (missing(condition)) return "";
      const text = this.where(condition);
      return text === "" ? "" : `${keyword} ${text}`.trimEnd();
    }

    where(condition) {
      if (condition instanceof Sql) return this.sql(condition);
      if (!isPlain(condition)) {
        $.reject("WHERE values are expected to be SQL templates or a condition object.");
      }
      return this.condition(condition);
    }

    condition(condition) {
      const parts = Object.keys(condition).map((key) => {
        const value = condition[key];
        switch (key) {
          case "and":
          case "or":
            return this.group(key, value);
          case "not":
            return `NOT (${this.group("and", value)})`;
          default:
            return this.operators(key, value);
        }
      });
      return $.join(parts, " AND ");
    }

    group(key, members) {
      if (!Array.isArray(members)) $.reject(`${key} expects conditions to be an array`);
      const parts = members.map((member) => {
        if (!isPlain(member)) $.reject(`Expected ${key} to be an Object.`);
        const text = this.where(member);
        return text === "" ? "" : `(${text})`;
      });
      return $.join(parts, ` ${key.toUpperCase()} `);
    }

    operators(column, operators) {
      if (!isPlain(operators)) $.reject("Expected condition to be an Object.");
      const parts = Object.keys(operators).map((operator) =>
        this.operator(this.name(column), column, operator, operators[operator]),
      );
      return $.join(parts, " AND ");
    }

    operator(operand, column, operator, value) {
      const path = `${column}.${operator}`;
      if (COMPARISONS[operator] !== undefined) {
        if (missing(value)) $.reject(`Value for ${path} can't be null.`);
        return `${operand} ${COMPARISONS[operator]} ${this.variable(value)}`;
      }
      switch (operator) {
        case "contains":
        case "beginsWith":
        case "notContains":
          return `${operand} ${this.like(path, operator, value)}`;
        case "between":
          return `${operand} BETWEEN ${this.bounds(path, value)}`;
        case "attributeExists":
          if (typeof value !== "boolean") {
            $.reject(`${path} expects a boolean value to be passed.`);
          }
          return `${operand} IS ${value ? "NOT " : ""}NULL`;
        case "size":
          return this.nested(path, `LENGTH (${operand})`, value);
        default:
          return this.aggregated(column, operator, value);
      }
    }

    like(path, operator, value) {
      const text = isHinted(value) ? value.value : value;
      if (typeof text !== "string") $.reject(`${path} expects a string value to be passed.`);
      // notContains has no wildcards (observed).
      if (operator === "notContains") return `NOT LIKE ${this.variable(text)}`;
      const start = operator === "contains" ? "%" : "";
      return `LIKE ${this.variable(`${start}${text}%`)}`;
    }

    bounds(path, value) {
      if (!Array.isArray(value)) {
        $.reject(`${path} condition expects an array with length of 2.`);
      }
      if (value.length !== 2) {
        $.reject(
          `${path} condition expects an array with 2 values but received an array with` +
            ` length ${value.length}.`,
        );
      }
      return `${this.variable(value[0])} AND ${this.variable(value[1])}`;
    }

    nested(path, operand, operators) {
      if (!isPlain(operators)) $.reject(`Expected ${path} to be an Object.`);
      const parts = Object.keys(operators).map((operator) => {
        const value = operators[operator];
        if (operator === "between") {
          return `${operand} BETWEEN ${this.bounds(`${path}.between`, value)}`;
        }
        if (COMPARISONS[operator] === undefined) {
          $.reject(`${path} has invalid size operator.`);
        }
        if (missing(value)) $.reject(`Value for ${path}.${operator} can't be null.`);
        return `${operand} ${COMPARISONS[operator]} ${this.variable(value)}`;
      });
      return $.join(parts, " AND ");
    }

    aggregated(column, operator, value) {
      if (agg[operator] === undefined) {
        $.reject(`Unsupported condition ${column}.${operator}.`);
      }
      return this.nested(`${column}.${operator}`, this.aggregate(operator, column), value);
    }

    orderBy(orderBy) {
      if (missing(orderBy)) return "";
      if (!Array.isArray(orderBy)) $.reject("orderBy expects an array.");
      const parts = orderBy.map((item) => {
        if (!isPlain(item)) $.reject("orderBy item expected to be an object.");
        if (missing(item.column)) {
          $.reject("orderBy item expected to have property column.");
        }
        const dir = typeof item.dir === "string" ? item.dir.toUpperCase() : "ASC";
        if (dir !== "ASC" && dir !== "DESC") {
          $.reject(`orderBy dir can have either ASC or DESC found ${item.dir}.`);
        }
        return `${this.name(String(item.column))} ${dir}`;
      });
      return parts.length === 0 ? "" : `ORDER BY ${$.join(parts, ", ")}`;
    }

    bounded(keyword, value) {
      if (missing(value)) return "";
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || Number.isNaN(number)) {
        $.reject(`${keyword} expects a number.`);
      }
      return `${keyword.toUpperCase()} ${this.variable(number)}`;
    }

    values(name, values) {
      if (missing(values)) $.reject(`values are expected to be passed to ${name}`);
      if (!isPlain(values)) $.reject("Expected values to an Object.");
      return Object.keys(values);
    }

    insert(properties) {
      const { values, returning } = properties;
      const table = this.source(properties);
      const keys = this.values("insert", values);
      const names = $.join(
        keys.map((key) => this.name(key)),
        ", ",
      );
      const bound = $.join(
        keys.map((key) => this.variable(values[key])),
        ", ",
      );
      return `INSERT INTO ${table} (${names}) VALUES (${bound})${this.returning(returning)}`;
    }

    update(properties) {
      const { values, where, returning } = properties;
      const table = this.source(properties);
      const sets = this.values("update", values).map(
        (key) => `${this.name(key)} = ${this.variable(values[key])}`,
      );
      const condition = this.clause("WHERE", where);
      const text = `UPDATE ${table} SET ${$.join(sets, ", ")}`;
      return `${text}${condition && ` ${condition}`}${this.returning(returning)}`;
    }

    remove(properties) {
      const { where, returning } = properties;
      const table = this.source(properties);
      const condition = this.clause("WHERE", where);
      return `DELETE FROM ${table}${condition && ` ${condition}`}${this.returning(returning)}`;
    }

    returning(returning) {
      if (missing(returning)) return "";
      if (!this.hasReturning) $.reject("returning is not supported in MySQL.");
      return ` RETURNING ${this.columns(returning)}`;
    }

    write(value, name) {
      if (typeof value === "string") return value;
      if (value instanceof Sql) return this.sql(value);
      if (!(value instanceof Statement)) {
        $.reject(`Unsupported type is passed as argument to ${name}`);
      }
      const { type, properties } = value;
      return this[type.toLowerCase()](properties);
    }
  }

  function request(name, quote, hasReturning) {
    return (...statements) => {
      if (missing(statements[0])) {
        $.reject(`An argument is expected to be passed to ${name}`);
      }
      const writer = new Writer(quote, hasReturning);
      const given = statements.slice(0, 2).filter((each) => !missing(each));
      return {
        statements: given.map((each) => writer.write(each, name)),
        variableMap: writer.variables,
        variableTypeHintMap: writer.hints,
      };
    };
  }
  const createPgStatement = request("createPgStatement", '"', true);
  const createMySQLStatement = request("createMySQLStatement", "`", false);

  return {
    agg,
    createMySQLStatement,
    createPgStatement,
    insert,
    remove,
    select,
    sql,
    toJsonObject: $.part("rds_results").toJsonObject,
    typeHint,
    update,
  };
});
