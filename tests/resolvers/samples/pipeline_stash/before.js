import { util } from '@aws-appsync/utils';
/** Before: prepares what the functions need. After: puts their work together. */
export function request(ctx) {
  if (!ctx.args.room) util.error('Name a room.', 'BadRequest');
  ctx.stash.user = ctx.identity.username;
  ctx.stash.trace = ['before'];
  return {};
}

export function response(ctx) {
  const { role, trace } = ctx.stash;
  return { items: ctx.prev.result, role, trace };
}
