import { util } from '@aws-appsync/utils';
/** Searches articles. */
export function request(ctx) {
  const { text, from = 0, size } = ctx.args;
  return {
    operation: 'GET',
    path: '/articles/_search',
    params: {
      headers: {},
      queryString: {},
      body: { from, size, query: { match: { text: { query: text, fuzziness: 1 } } } },
    },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { hits } = ctx.result;
  return { total: hits.total.value, articles: hits.hits.map((hit) => hit._source) };
}
