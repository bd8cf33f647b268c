import { util } from '@aws-appsync/utils';
/** Goes on with the good names and tells of the others. */
export function request(ctx) {
  const { names } = ctx.args;
  names.forEach((name, at) => {
    if (name === '') {
      util.appendError('A name is empty.', 'BadName', { at }, { names: names.length });
    }
  });
  return { payload: { names: names.filter((name) => name !== '') } };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.appendError(error.message, error.type, result);
  return result;
}
