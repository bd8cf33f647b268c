import { util } from '@aws-appsync/utils';
/** Changes the columns that are given. */
export function request(ctx) {
  const sets = [];
  const variableMap = { ':ID': ctx.args.id };
  for (const [column, value] of Object.entries(ctx.args.input)) {
    sets.push(`${column} = :${column.toUpperCase()}`);
    variableMap[`:${column.toUpperCase()}`] = value;
  }
  return {
    statements: [
      `UPDATE persons SET ${sets.join(', ')} WHERE id = :ID`,
      'SELECT * FROM persons WHERE id = :ID',
    ],
    variableMap,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const [, persons] = util.rds.toJsonObject(ctx.result);
  if (persons.length === 0) util.error('There is no such person.', 'NotFound');
  return persons[0];
}
