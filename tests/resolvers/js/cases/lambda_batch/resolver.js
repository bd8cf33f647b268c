import { util } from '@aws-appsync/utils';

/** Loads the author of many posts in one call. */
export function request(ctx) {
  return { operation: 'BatchInvoke', payload: { ids: [ctx.source.authorId], selection: ctx.info.selectionSetList } };
}

export function response(ctx) {
  const { data, errorMessage, errorType } = ctx.result ?? {};
  if (errorMessage) {
    util.error(errorMessage, errorType, data);
  }
  return data;
}
