import { util } from '@aws-appsync/utils';
/** Deletes many posts at once. */
export function request(ctx) {
  const posts = ctx.args.ids.map((id) => ({ id: util.dynamodb.toDynamoDB(id) }));
  return { operation: 'BatchDeleteItem', tables: { posts } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result.data.posts;
}
