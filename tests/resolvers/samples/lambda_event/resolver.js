import { util } from '@aws-appsync/utils';

/** Starts a long job and answers at once. */
export function request(ctx) {
  ctx.stash.jobId = ctx.args.jobId;
  return {
    operation: 'Invoke',
    invocationType: 'Event',
    payload: { jobId: ctx.args.jobId, field: ctx.info.fieldName, source: ctx.source, env: ctx.env.STAGE },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { jobId: ctx.stash.jobId, status: 'STARTED', result: ctx.result };
}
