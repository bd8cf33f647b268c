import { util } from '@aws-appsync/utils';

/** Calls the function and waits, which is what Lambda data sources do by default. */
export function request() {
  return { operation: 'Invoke', payload: {} };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
