import { util } from '@aws-appsync/utils';
/** Tells the bus about orders. */
export function request(ctx) {
  const by = ctx.identity?.sub ?? 'nobody';
  return {
    operation: 'PutEvents',
    events: ctx.args.orders.map((order) => ({
      source: 'shop.orders',
      detailType: order.paid ? 'OrderPaid' : 'OrderPlaced',
      detail: { id: order.id, by },
    })),
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  result.Entries.forEach((entry) => {
    if (entry.ErrorCode) util.appendError(entry.ErrorMessage, entry.ErrorCode);
  });
  return result.FailedEntryCount === 0;
}
