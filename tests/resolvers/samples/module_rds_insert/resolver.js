import { createMySQLStatement, insert, select, toJsonObject, typeHint } from '@aws-appsync/utils/rds';

/** Creates a person and reads it back: MySQL has no RETURNING. */
export function request(ctx) {
  const { id, ...input } = ctx.args.input;
  const values = { id: typeHint.UUID(id), ...input, meta: typeHint.JSON(JSON.stringify({ v: 1 })) };
  return createMySQLStatement(
    insert({ table: 'persons', values }),
    select({ table: 'persons', columns: '*', where: { id: { eq: id } }, limit: 1 }),
  );
}

export const response = (ctx) => toJsonObject(ctx.result)[1][0];
