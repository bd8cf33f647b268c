import { util } from '@aws-appsync/utils';
/** Lists an author's posts that people like, newest first, a page at a time. */
export function request(ctx) {
  const { author, least, limit = 20, nextToken = null } = ctx.args;
  return {
    operation: 'Query',
    index: 'author-index',
    query: {
      expression: '#author = :author',
      expressionNames: { '#author': 'author' },
      expressionValues: util.dynamodb.toMapValues({ ':author': author }),
    },
    filter: {
      expression: 'ups >= :least',
      expressionValues: { ':least': util.dynamodb.toNumber(least) },
    },
    scanIndexForward: false,
    select: 'ALL_ATTRIBUTES',
    limit,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type, ctx.result);
  const { items: posts, nextToken } = ctx.result;
  return { posts, nextToken };
}
