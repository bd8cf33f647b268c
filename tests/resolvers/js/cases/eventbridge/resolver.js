import { util } from '@aws-appsync/utils';

/** Tells the bus about orders. */
export function request(ctx) {
  const time = util.time.epochMilliSecondsToISO8601(ctx.args.at * 1000);
  return {
    operation: 'PutEvents',
    events: ctx.args.orders.map((order) => ({
      source: 'shop.orders',
      detailType: order.paid ? 'OrderPaid' : 'OrderPlaced',
      detail: { ...order, by: ctx.identity?.sub ?? 'nobody' },
      time,
    })),
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const failed = ctx.result.Entries.filter((entry) => Object.hasOwn(entry, 'ErrorCode'));
  failed.forEach((entry) => util.appendError(entry.ErrorMessage, entry.ErrorCode));
  return ctx.result.FailedEntryCount === 0;
}
