import { util } from '@aws-appsync/utils';

const OPERATORS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
const FUNCTIONS = { beginsWith: 'begins_with', contains: 'contains' };

export function request(ctx) {
  const { owner, filter, limit = 20, nextToken } = ctx.args;
  const names = { '#owner': 'owner' };
  const values = { ':owner': owner };
  const parts = [];
  Object.entries(filter ?? {}).forEach(([field, conditions], i) => {
    names[`#f${i}`] = field;
    Object.entries(conditions).forEach(([operator, value], j) => {
      const place = `:f${i}_${j}`;
      if (OPERATORS[operator]) {
        parts.push(`#f${i} ${OPERATORS[operator]} ${place}`);
      } else if (FUNCTIONS[operator]) {
        parts.push(`${FUNCTIONS[operator]}(#f${i}, ${place})`);
      } else {
        util.error(`Unknown operator: ${operator}`, 'BadFilter');
      }
      values[place] = value;
    });
  });
  const document = {
    operation: 'Query',
    index: 'by-owner',
    query: {
      expression: '#owner = :owner',
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
    },
    limit: limit > 100 ? 100 : limit,
    scanIndexForward: false,
  };
  if (parts.length) document.filter = { expression: parts.join(' AND ') };
  if (nextToken) document.nextToken = nextToken;
  return document;
}

export function response(ctx) {
  return ctx.result;
}
