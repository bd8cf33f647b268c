import { extensions, util } from '@aws-appsync/utils';

/** Lets a client watch the rooms it names, but not its own messages. */
export function request() {
  return { payload: null };
}

export function response(ctx) {
  const rooms = ctx.args.rooms ?? [];
  if (!rooms.every((room) => util.matches('[a-z]{1,20}', room))) {
    util.unauthorized();
  }
  const filter = util.transform.toSubscriptionFilter(
    { and: [{ room: { in: rooms } }, { sender: { ne: ctx.identity.username } }], urgent: { eq: true } },
    ['urgent'],
    { level: { ge: 2 }, mention: { eq: ctx.identity.username } },
  );
  extensions.setSubscriptionFilter(filter);
  extensions.setSubscriptionInvalidationFilter(
    util.transform.toSubscriptionFilter({ user: { eq: ctx.identity.username } }),
  );
  return null;
}
