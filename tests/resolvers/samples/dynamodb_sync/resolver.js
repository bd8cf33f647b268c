import { util } from '@aws-appsync/utils';
/** What changed since the client asked last. */
export function request(ctx) {
  return {
    operation: 'Sync',
    basePartitionKey: 'Base Keys Value',
    limit: ctx.args.limit ?? 100,
    nextToken: ctx.args.nextToken ?? null,
    lastSync: ctx.args.lastSync,
    filter: {
      expression: '#owner = :owner',
      expressionNames: { '#owner': 'owner' },
      expressionValues: { ':owner': util.dynamodb.toString('me') },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
