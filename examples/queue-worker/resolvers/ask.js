import { util } from '@aws-appsync/utils';

/**
 * Calls the function that fills the queue and waits until the queue has the question.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { session, prompt } = ctx.args;
  return {
    operation: 'Invoke',
    payload: { field: ctx.info.fieldName, session, prompt },
  };
}

/**
 * The function's answer is the id of the message.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
