import { util } from '@aws-appsync/utils';
/** Deletes a post, for administrators who signed in with a user pool. */
export function request(ctx) {
  if (util.authType() !== 'User Pool Authorization') util.unauthorized();
  const groups = ctx.identity.groups ?? [];
  if (!groups.includes('admin')) util.unauthorized();
  return { operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id: ctx.args.id }) };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, result);
  return result;
}
