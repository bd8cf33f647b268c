import { query } from '@aws-appsync/utils/dynamodb';

export function request(ctx) {
  ctx.stash.trace.push(`messages for ${ctx.stash.role}`);
  return query({ query: { room: { eq: ctx.prev.result.room } }, limit: ctx.args.limit });
}

export function response(ctx) {
  return ctx.result.items.map((item) => ({ ...item, mine: item.sender === ctx.stash.user }));
}
