import { util } from '@aws-appsync/utils';
/** Reads posts and a user at once. */
export function request(ctx) {
  const keys = ctx.args.ids.map((id) => util.dynamodb.toMapValues({ id }));
  return {
    operation: 'BatchGetItem',
    tables: {
      posts: { keys, consistentRead: true },
      users: { keys: [util.dynamodb.toMapValues({ user: ctx.args.user })] },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  const left = result.unprocessedKeys.posts;
  if (left) util.appendError('Some posts were not read.', 'Unprocessed', left);
  return {
    posts: result.data.posts.filter((post) => post !== null),
    user: result.data.users[0],
  };
}
