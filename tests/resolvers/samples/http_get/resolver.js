import { util } from '@aws-appsync/utils';
/** Reads a user of another service. */
export function request(ctx) {
  const headers = util.http.copyHeaders(ctx.request.headers);
  headers.accept = 'application/json';
  return {
    method: 'GET',
    resourcePath: `/v1/users/${util.urlEncode(ctx.args.id)}`,
    params: { query: { page: `${ctx.args.page}` }, headers },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  if (result.statusCode === 200) return JSON.parse(result.body);
  util.appendError(result.body, `${result.statusCode}`);
  return null;
}
