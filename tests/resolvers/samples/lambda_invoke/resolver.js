import { util } from '@aws-appsync/utils';
/** Asks a function, telling it which field asks. */
export function request(ctx) {
  return {
    operation: 'Invoke',
    payload: {
      field: ctx.info.fieldName,
      arguments: ctx.args,
      source: ctx.source,
      tenant: ctx.identity.resolverContext.tenant,
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
