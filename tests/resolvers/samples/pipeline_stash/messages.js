import { util } from '@aws-appsync/utils';
/** Reads the messages of the room that the function before found. */
export function request(ctx) {
  ctx.stash.trace.push('messages');
  return {
    operation: 'Query',
    query: {
      expression: 'room = :room',
      expressionValues: util.dynamodb.toMapValues({ ':room': ctx.prev.result.room }),
    },
    limit: ctx.args.limit,
  };
}

export function response(ctx) {
  return ctx.result.items;
}
