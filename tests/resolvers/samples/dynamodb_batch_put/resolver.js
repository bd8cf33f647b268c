import { util } from '@aws-appsync/utils';
/** Stores readings of a sensor. */
export function request(ctx) {
  const readings = ctx.args.readings.map((reading) =>
    util.dynamodb.toMapValues({ ...reading, sensor: ctx.stash.sensor }),
  );
  return { operation: 'BatchPutItem', tables: { readings } };
}

export function response(ctx) {
  if (ctx.error) util.appendError(ctx.error.message, ctx.error.type);
  return ctx.result?.data?.readings;
}
