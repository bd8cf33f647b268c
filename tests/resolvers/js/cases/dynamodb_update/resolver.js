import { util } from '@aws-appsync/utils';

/** Sets the attributes that are given and removes those given as null. */
export function request(ctx) {
  const { id, expectedVersion, ...values } = ctx.args.input;
  values.updatedAt = util.time.epochMilliSecondsToISO8601(ctx.args.now);
  return { operation: 'UpdateItem', key: util.dynamodb.toMapValues({ id }),
           update: build(values),
           condition: {
             expression: 'version = :expectedVersion',
             expressionValues: util.dynamodb.toMapValues({ ':expectedVersion': expectedVersion }),
           } };
}

function build(values) {
  const sets = [];
  const removes = [];
  const expressionNames = {};
  const expressionValues = {};
  for (const [name, value] of Object.entries(values)) {
    expressionNames[`#${name}`] = name;
    if (value === null) {
      removes.push(`#${name}`);
    } else {
      sets.push(`#${name} = :${name}`);
      expressionValues[`:${name}`] = util.dynamodb.toDynamoDB(value);
    }
  }
  let expression = `SET ${sets.join(', ')}`;
  expression += removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : '';
  return { expression, expressionNames, expressionValues };
}

export const response = (ctx) => ctx.result;
