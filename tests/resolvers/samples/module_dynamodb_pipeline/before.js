import { runtime, util } from '@aws-appsync/utils';

/** Prepares what the functions need; visitors get the empty answer at once. */
export function request(ctx) {
  if (!ctx.identity) {
    runtime.earlyReturn({ items: [] });
  }
  ctx.stash.user = ctx.identity.username;
  ctx.stash.trace = ['before'];
  ctx.args.limit = util.math.minVal(ctx.args.limit ?? 10, 50);
  return {};
}

export function response(ctx) {
  return { items: ctx.prev.result, trace: [...ctx.stash.trace, 'after'] };
}
