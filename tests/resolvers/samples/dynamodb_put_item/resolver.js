import { util } from '@aws-appsync/utils';
/** Creates a post unless there is one of that id. */
export function request(ctx) {
  const values = {
    ...ctx.args.input,
    owner: ctx.identity.username,
    createdAt: util.time.nowISO8601(),
    version: 1,
  };
  return {
    operation: 'PutItem',
    key: { id: util.dynamodb.toDynamoDB(util.autoId()) },
    attributeValues: util.dynamodb.toMapValues(values),
    condition: {
      expression: 'attribute_not_exists(#id)',
      expressionNames: { '#id': 'id' },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error && error.type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error('There is such a post.', 'Conflict', result);
  }
  if (error) util.error(error.message, error.type);
  return result;
}
