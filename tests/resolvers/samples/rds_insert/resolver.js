import { util } from '@aws-appsync/utils';
/** Creates a person and reads it back. */
export function request(ctx) {
  const { name, age } = ctx.args.input;
  return {
    statements: [
      'INSERT INTO persons (id, name, age) VALUES (:ID, :NAME, :AGE)',
      'SELECT * FROM persons WHERE id = :ID',
    ],
    variableMap: { ':ID': util.autoId(), ':NAME': name, ':AGE': age },
    variableTypeHintMap: { ':ID': 'UUID' },
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return util.rds.toJsonObject(ctx.result)[1][0];
}
