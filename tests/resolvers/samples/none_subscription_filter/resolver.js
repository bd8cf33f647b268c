import { extensions } from '@aws-appsync/utils';
import { util } from '@aws-appsync/utils';
/** Lets a client watch the rooms it names, but not its own messages. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const { rooms } = ctx.args;
  const { username } = ctx.identity;
  if (rooms.length === 0) util.error('Name a room.', 'BadRequest');
  const filter = util.transform.toSubscriptionFilter(
    { room: { in: rooms }, sender: { ne: username }, ignored: { eq: 1 } },
    ['ignored'],
    { level: { ge: 2 }, mention: { eq: username } },
  );
  extensions.setSubscriptionFilter(filter);
  extensions.setSubscriptionInvalidationFilter(
    util.transform.toSubscriptionFilter({ user: { eq: username } }),
  );
  return null;
}
