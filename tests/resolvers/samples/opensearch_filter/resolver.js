/** Searches articles. */
export function request(ctx) {
  const query = JSON.parse(util.transform.toElasticsearchQueryDSL(ctx.args.filter));
  return {
    operation: 'GET',
    path: '/articles/_search',
    params: { body: { from: ctx.args.from ?? 0, size: 20, query } },
  };
}

export function response(ctx) {
  return ctx.result.hits.hits.map((hit) => ({ id: hit._id, ...hit._source }));
}
