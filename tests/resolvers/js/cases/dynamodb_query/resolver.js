import { util } from '@aws-appsync/utils';

/** Lists the posts of an author, newest first, a page at a time. */
export function request(ctx) {
  const { author, limit = 20, nextToken } = ctx.args;
  return {
    operation: 'Query',
    index: 'author-index',
    query: {
      expression: '#author = :author',
      expressionNames: { '#author': 'author' },
      expressionValues: util.dynamodb.toMapValues({ ':author': author }),
    },
    limit,
    nextToken,
    scanIndexForward: false,
    select: 'ALL_ATTRIBUTES',
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type, ctx.result);
  }
  const { items: posts = [], nextToken } = ctx.result;
  return { posts, nextToken };
}
