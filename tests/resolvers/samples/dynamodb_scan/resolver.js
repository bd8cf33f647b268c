import { util } from '@aws-appsync/utils';
/** Reads a quarter of a table, as far as the client's filter lets it through. */
export function request(ctx) {
  const { filter, limit = 100, nextToken, segment } = ctx.args;
  const scan = { operation: 'Scan', limit, consistentRead: false, totalSegments: 4, segment };
  if (filter) {
    scan.filter = JSON.parse(util.transform.toDynamoDBFilterExpression(filter));
  }
  if (nextToken) scan.nextToken = nextToken;
  return scan;
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
