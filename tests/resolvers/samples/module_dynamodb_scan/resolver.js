import * as ddb from '@aws-appsync/utils/dynamodb';

/** Lists what passes a filter the client wrote. */
export function request(ctx) {
  const { filter, limit = 100, nextToken = null } = ctx.args;
  return ddb.scan({ filter: filter ?? undefined, limit, nextToken });
}

export const response = (ctx) => ctx.result;
