import { util } from '@aws-appsync/utils';
/** Loads the authors of many posts in one call. */
export function request(ctx) {
  return {
    operation: 'BatchInvoke',
    payload: { id: ctx.source.authorId, selection: ctx.info.selectionSetList },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  if (result.errorMessage) util.error(result.errorMessage, result.errorType, result.data);
  return result.data;
}
