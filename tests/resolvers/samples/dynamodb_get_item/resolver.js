import { util } from '@aws-appsync/utils';
/** Reads some attributes of a post. */
export function request(ctx) {
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ id: ctx.args.id }),
    consistentRead: true,
    projection: {
      expression: '#author, id, #name.first',
      expressionNames: { '#author': 'author', '#name': 'name' },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
