import { util } from '@aws-appsync/utils';

const TABLE = 'readings';

/** Stores many readings at once. */
export function request(ctx) {
  const readings = ctx.args.readings.map((reading) => util.dynamodb.toMapValues(reading));
  return { operation: 'BatchPutItem', tables: { [TABLE]: readings } };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.appendError(error.message, error.type);
  const unprocessed = result.unprocessedItems?.[TABLE] ?? [];
  return result.data[TABLE].filter((item) => item !== null)
    .map((item) => ({ ...item, late: unprocessed.some((other) => other.id === item.id) }));
}
