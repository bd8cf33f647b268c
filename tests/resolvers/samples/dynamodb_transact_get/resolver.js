import { util } from '@aws-appsync/utils';
/** Reads an account together with its limit. */
export function request(ctx) {
  const key = util.dynamodb.toMapValues({ id: ctx.args.account });
  return {
    operation: 'TransactGetItems',
    transactItems: [
      { table: 'accounts', key },
      {
        table: 'limits',
        key,
        projection: { expression: '#max', expressionNames: { '#max': 'max' } },
      },
    ],
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const [account, limit] = ctx.result.items;
  return { ...account, max: limit?.max ?? null };
}
