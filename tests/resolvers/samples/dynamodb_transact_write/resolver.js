import { util } from '@aws-appsync/utils';
/** Moves money between two accounts and writes it down, or does nothing. */
export function request(ctx) {
  const { from, to, amount } = ctx.args;
  return {
    operation: 'TransactWriteItems',
    transactItems: [
      {
        table: 'accounts',
        operation: 'UpdateItem',
        key: util.dynamodb.toMapValues({ id: from }),
        update: {
          expression: 'SET balance = balance - :amount',
          expressionValues: util.dynamodb.toMapValues({ ':amount': amount }),
        },
        condition: {
          expression: 'balance >= :amount',
          expressionValues: util.dynamodb.toMapValues({ ':amount': amount }),
          returnValuesOnConditionCheckFailure: true,
        },
      },
      {
        table: 'accounts',
        operation: 'UpdateItem',
        key: util.dynamodb.toMapValues({ id: to }),
        update: {
          expression: 'SET balance = balance + :amount',
          expressionValues: util.dynamodb.toMapValues({ ':amount': amount }),
        },
        condition: {
          expression: 'attribute_exists(id)',
          returnValuesOnConditionCheckFailure: true,
        },
      },
      {
        table: 'transfers',
        operation: 'PutItem',
        key: util.dynamodb.toMapValues({ id: util.autoId() }),
        attributeValues: util.dynamodb.toMapValues({ amount }),
      },
      { table: 'locks', operation: 'DeleteItem', key: util.dynamodb.toMapValues({ id: from }) },
      {
        table: 'users',
        operation: 'ConditionCheck',
        key: util.dynamodb.toMapValues({ id: from }),
        condition: { expression: 'attribute_exists(id)' },
      },
    ],
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type, null, result.cancellationReasons);
  return result.keys;
}
