import { util } from '@aws-appsync/utils';
/** Lets members in only. */
export function request(ctx) {
  ctx.stash.trace.push('membership');
  const { user } = ctx.stash;
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ user, room: ctx.args.room }),
  };
}

export function response(ctx) {
  if (!ctx.result) util.unauthorized();
  ctx.stash.role = ctx.result.role;
  return ctx.result;
}
