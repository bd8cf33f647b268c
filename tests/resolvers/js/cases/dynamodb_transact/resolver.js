import { util } from '@aws-appsync/utils';

/** Moves money between two accounts, or does nothing. */
export function request(ctx) {
  const { from, to, amount } = ctx.args;
  return {
    operation: 'TransactWriteItems',
    transactItems: [
      change(from, 'balance = balance - :amount', amount, 'balance >= :amount'),
      change(to, 'balance = balance + :amount', amount, 'attribute_exists(id)'),
    ],
  };
}

const change = (id, expression, amount, condition) => ({
  table: 'accounts',
  operation: 'UpdateItem',
  key: util.dynamodb.toMapValues({ id }),
  update: {
    expression: `SET ${expression}`,
    expressionValues: { ':amount': util.dynamodb.toNumber(amount) },
  },
  condition: { expression: condition, returnValuesOnConditionCheckFailure: true },
});

export function response(ctx) {
  const { error, result } = ctx;
  if (error) {
    util.error(error.message, error.type, null, result.cancellationReasons);
  }
  return result.keys;
}
