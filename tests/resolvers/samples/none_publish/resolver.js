import { util } from '@aws-appsync/utils';
/** Hands a message to the subscribers, without a data source. */
export function request(ctx) {
  return {
    payload: {
      ...ctx.args,
      from: ctx.identity.username,
      sentAt: util.time.nowISO8601(),
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
