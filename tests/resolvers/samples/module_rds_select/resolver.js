import { createPgStatement, select, toJsonObject } from '@aws-appsync/utils/rds';

/** Finds people by what the client asks for. */
export function request(ctx) {
  const { where = {}, limit, offset = 0 } = ctx.args;
  const statement = select({
    table: 'public.persons',
    columns: ['id', 'name', { since: 'persons.known_since' }],
    where: { ...where, deleted: { eq: false } },
    orderBy: [{ column: 'name' }],
    limit,
    offset,
  });
  return createPgStatement(statement);
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) return util.appendError(error.message, error.type, result);
  return toJsonObject(result)[0];
}
