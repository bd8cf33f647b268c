import { util } from '@aws-appsync/utils';
/** Sets the attributes that are given, removes those given as null, counts versions. */
export function request(ctx) {
  const { id, expectedVersion, ...values } = ctx.args;
  const sets = [];
  const removes = [];
  const expressionNames = {};
  const expressionValues = { ':one': util.dynamodb.toNumber(1) };
  for (const [name, value] of Object.entries(values)) {
    expressionNames[`#${name}`] = name;
    if (value === null) {
      removes.push(`#${name}`);
    } else {
      sets.push(`#${name} = :${name}`);
      expressionValues[`:${name}`] = util.dynamodb.toDynamoDB(value);
    }
  }
  const clauses = [];
  if (sets.length > 0) clauses.push(`SET ${sets.join(', ')}`);
  if (removes.length > 0) clauses.push(`REMOVE ${removes.join(', ')}`);
  clauses.push('ADD version :one');
  return {
    operation: 'UpdateItem',
    key: { id: util.dynamodb.toDynamoDB(id) },
    update: { expression: clauses.join(' '), expressionNames, expressionValues },
    condition: {
      expression: 'version = :expectedVersion',
      expressionValues: { ':expectedVersion': util.dynamodb.toDynamoDB(expectedVersion) },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
