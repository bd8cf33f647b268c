import { util } from '@aws-appsync/utils';
/** Deletes a post, only in the expected version if there is one. */
export function request(ctx) {
  const request = { operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }) };
  if (ctx.args.expectedVersion) {
    request.condition = {
      expression: 'attribute_not_exists(id) OR version = :expectedVersion',
      expressionValues: util.dynamodb.toMapValues({
        ':expectedVersion': ctx.args.expectedVersion,
      }),
    };
  }
  return request;
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
