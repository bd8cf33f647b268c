import { util } from '@aws-appsync/utils';

/** Leaves the question for the function and does not wait for it. */
export function request(ctx) {
  const { session, prompt } = ctx.args;
  if (prompt.length > 2000) {
    util.error('The prompt is too long.', 'PromptTooLong');
  }
  return {
    operation: 'Invoke',
    invocationType: 'Event',
    payload: { session, prompt },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
