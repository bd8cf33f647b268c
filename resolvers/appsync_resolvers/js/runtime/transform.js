// util.transform. What AWS gives for odd input (null, dangling joiners) is kept: see
// the recordings of EvaluateCode in localstack/appsync-utils.
(function ($) {
  "use strict";
  const { toDynamoDB } = $.part("values");

  // ---- DynamoDB expressions -----------------------------------------------------

  const COMPARISONS = {
    __proto__: null,
    eq: "=",
    ne: "<>",
    lt: "<",
    le: "<=",
    gt: ">",
    ge: ">=",
  };
  const FUNCTIONS = {
    __proto__: null,
    contains: "contains",
    notContains: "NOT contains",
    beginsWith: "begins_with",
  };
  const TYPES = {
    __proto__: null,
    _null: "NULL",
    string: "S",
    stringSet: "SS",
    number: "N",
    numberSet: "NS",
    binary: "B",
    binarySet: "BS",
    boolean: "BOOL",
    list: "L",
    map: "M",
  };

  class Unrenderable {}

  function require(condition) {
    if (!condition) throw new Unrenderable();
  }

  // Gives {expression, expressionNames, expressionValues}, or null for what AWS does
  // not render.
  function dynamoDBExpression(filter) {
    const names = {};
    const values = {};
    const bind = (name, value) => {
      values[name] = value;
      return name;
    };

    const group = (members, path, isTop) => {
      require($.isPlain(members));
      const parts = Object.keys(members).map((key) => {
        const value = members[key];
        if (key === "and" || key === "or") {
          require(Array.isArray(value));
          const inner = value.map((each, i) => group(each, `${path}${key}_${i}_`, false));
          return wrapped(inner, ` ${key.toUpperCase()} `);
        }
        if (key === "not") return `(NOT ${group(value, `${path}not_`, false)})`;
        return field(key, value, path);
      });
      // Only the outermost level stands without parentheses.
      return isTop ? $.join(parts, " AND ") : wrapped(parts, " AND ");
    };

    const wrapped = (parts, joiner) =>
      parts.length > 1 ? `(${$.join(parts, joiner)})` : (parts[0] ?? "");

    const field = (name, operators, path) => {
      require($.isPlain(operators));
      names[`#${name}`] = name;
      return wrapped(conditions(operators, `#${name}`, `:${path}${name}_`), " AND ");
    };

    const conditions = (operators, operand, prefix) =>
      Object.keys(operators).map((operator) =>
        condition(operator, operators[operator], operand, prefix),
      );

    const condition = (operator, value, operand, prefix) => {
      const name = prefix + operator;
      if (COMPARISONS[operator] !== undefined) {
        return `(${operand} ${COMPARISONS[operator]} ${bind(name, toDynamoDB(value))})`;
      }
      if (FUNCTIONS[operator] !== undefined) {
        return `(${FUNCTIONS[operator]}(${operand},${bind(name, toDynamoDB(value))}))`;
      }
      switch (operator) {
        case "between": {
          require(Array.isArray(value) && value.length >= 2);
          const start = bind(`${name}_start`, toDynamoDB(value[0]));
          const end = bind(`${name}_end`, toDynamoDB(value[1]));
          return `(${operand} BETWEEN ${start} AND ${end})`;
        }
        case "in": {
          require(Array.isArray(value));
          if (value.length === 0) return "(null)";
          const list = value.map((each, i) => bind(`${name}_${i}`, toDynamoDB(each)));
          return `(${operand} IN (${$.join(list, ", ")}))`;
        }
        case "attributeExists":
          require(typeof value === "boolean");
          return `(attribute_${value ? "" : "not_"}exists(${operand}))`;
        case "attributeType":
          require(typeof value === "string" && TYPES[value] !== undefined);
          return `(attribute_type(${operand},${bind(name, { S: TYPES[value] })}))`;
        case "size": {
          require($.isPlain(value));
          const size = operand.startsWith("size(") ? operand : `size(${operand})`;
          return wrapped(conditions(value, size, `${name}_`), " AND ");
        }
        default:
          throw new Unrenderable();
      }
    };

    try {
      const expression = group(filter, "", true);
      return { expression, expressionNames: names, expressionValues: values };
    } catch (error) {
      if (error instanceof Unrenderable) return null;
      throw error;
    }
  }

  function toDynamoDBFilterExpression(filter) {
    const expression = dynamoDBExpression(filter);
    return expression === null ? null : $.stringify(expression);
  }

  // ---- OpenSearch ---------------------------------------------------------------

  const negated = (query) => ({ bool: { must_not: query } });
  const simple = (name) => (field, value) => ({ [name]: { [field]: value } });
  const ranged = (name) => (field, value) => ({ range: { [field]: { [name]: value } } });
  const QUERIES = {
    __proto__: null,
    eq: simple("term"),
    ne: (field, value) => negated(simple("term")(field, value)),
    match: simple("match"),
    matchPhrase: simple("match_phrase"),
    matchPhrasePrefix: simple("match_phrase_prefix"),
    multiMatch: simple("multi_match"),
    wildcard: simple("wildcard"),
    regexp: simple("regexp"),
    gt: ranged("gt"),
    gte: ranged("gte"),
    lt: ranged("lt"),
    lte: ranged("lte"),
    range: (field, value) => {
      require(Array.isArray(value) && value.length >= 2);
      return { range: { [field]: { gte: value[0], lte: value[1] } } };
    },
    exists: (field, value) => {
      require(typeof value === "boolean");
      const query = { exists: { field } };
      return value ? query : negated(query);
    },
  };

  function combined(queries) {
    return queries.length === 1 ? queries[0] : { bool: { must: queries } };
  }

  function queriesOf(filter) {
    require($.isPlain(filter));
    return Object.keys(filter).map((key) => {
      const value = filter[key];
      switch (key.toLowerCase()) {
        case "and":
          return { bool: { must: members(value) } };
        case "or":
          return { bool: { should: members(value), minimum_should_match: 1 } };
        case "not":
          return negated(combined(queriesOf(value)));
        default:
          return combined(operatorsOf(key, value));
      }
    });
  }

  function members(list) {
    require(Array.isArray(list) && list.length > 0);
    return list.map((each) => combined(queriesOf(each)));
  }

  function operatorsOf(field, operators) {
    require($.isPlain(operators));
    return Object.keys(operators).map((operator) => {
      require(QUERIES[operator] !== undefined);
      return QUERIES[operator](field, operators[operator]);
    });
  }

  function toElasticsearchQueryDSL(filter) {
    try {
      const queries = queriesOf(filter);
      return queries.length === 0 ? null : $.stringify(combined(queries));
    } catch (error) {
      if (error instanceof Unrenderable) return null;
      throw error;
    }
  }

  // ---- subscription filters -----------------------------------------------------

  // Groups are alternatives, the filters of a group must all hold: every operator of a
  // field, every member of `or` and every rule multiplies the groups.
  function cross(groups, alternatives) {
    if (alternatives.length === 0) return groups;
    return groups.flatMap((group) => alternatives.map((other) => [...group, ...other]));
  }

  function alternativesOf(field, operators) {
    if (!$.isPlain(operators)) return [];
    return Object.keys(operators).map((operator) => [
      { fieldName: field, operator, value: operators[operator] },
    ]);
  }

  function groupsOf(filter, ignored) {
    let groups = [[]];
    for (const key of Object.keys(filter)) {
      const value = filter[key];
      if (ignored.includes(key)) continue;
      if ((key === "and" || key === "or") && Array.isArray(value)) {
        const members = value
          .filter((each) => $.isPlain(each))
          .map((each) => groupsOf(each, ignored));
        if (key === "or") groups = cross(groups, members.flat());
        else for (const each of members) groups = cross(groups, each);
      } else {
        groups = cross(groups, alternativesOf(key, value));
      }
    }
    return groups;
  }

  function toSubscriptionFilter(filter, ignoredFields, rules) {
    if (!$.isPlain(filter)) return null;
    let groups = groupsOf(filter, Array.isArray(ignoredFields) ? ignoredFields : []);
    if ($.isPlain(rules)) {
      const alternatives = Object.keys(rules).flatMap((field) =>
        alternativesOf(field, rules[field]),
      );
      groups = cross(groups, alternatives);
    }
    const filled = groups.filter((filters) => filters.length > 0);
    return { filterGroup: filled.map((filters) => ({ filters })) };
  }

  return {
    dynamoDBExpression,
    toDynamoDBFilterExpression,
    toElasticsearchQueryDSL,
    toSubscriptionFilter,
  };
});
