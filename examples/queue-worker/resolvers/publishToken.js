/**
 * Hands a worker's token on: with a NONE data source the payload is the result.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { session, sequence, text, done, error } = ctx.args;
  return { payload: { session, sequence, text, done, error } };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result;
}
