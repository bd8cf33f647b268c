import { util } from '@aws-appsync/utils';

/** Creates a note unless one of that id exists. */
export function request(ctx) {
  const { id, ...values } = ctx.args.input;
  const condition = { id: { attributeExists: false } };
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ id }),
    attributeValues: util.dynamodb.toMapValues({ ...values, owner: ctx.identity.username }),
    condition: JSON.parse(util.transform.toDynamoDBConditionExpression(condition)),
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) {
    if (error.type === 'DynamoDB:ConditionalCheckFailedException') {
      util.error('There is such a note.', 'Conflict', result);
    }
    util.appendError(error.message, error.type);
  }
  return result;
}
