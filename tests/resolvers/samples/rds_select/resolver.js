import { util } from '@aws-appsync/utils';
/** Lists grown-ups. */
export function request(ctx) {
  return {
    statements: [
      'SELECT id, name FROM persons WHERE age >= :MIN_AGE ORDER BY name LIMIT 10',
    ],
    variableMap: { ':MIN_AGE': ctx.args.minAge },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return util.rds.toJsonObject(ctx.result)[0];
}
