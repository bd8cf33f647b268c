import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';

export function request(ctx) {
  ctx.stash.trace.push('membership');
  return get({ key: { user: ctx.stash.user, room: ctx.args.room } });
}

export function response(ctx) {
  if (ctx.result === null) util.unauthorized();
  ctx.stash.role = ctx.result.role;
  return ctx.result;
}
