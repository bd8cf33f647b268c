import { util } from '@aws-appsync/utils';

/**
 * Puts the question into the function's queue and does not wait for it.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { session, prompt } = ctx.args;
  return {
    operation: 'Invoke',
    invocationType: 'Event',
    payload: { session, prompt },
  };
}

/**
 * The result of an Event invocation is always null; an error means that the
 * question could not be queued.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
