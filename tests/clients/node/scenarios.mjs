// What every client is put through.

import { writeFileSync } from 'node:fs';
import { options, told } from './lines.mjs';

const MESSAGE = 'room number text last';
const ECHO = 'query Echo($text: String!) { echo(text: $text) echoVtl(text: $text) }';
const SAY = `mutation Say($room: ID!, $number: Int!, $text: String!, $last: Boolean!) {
  say(room: $room, number: $number, text: $text, last: $last) { ${MESSAGE} }
}`;
const SAY_VTL = SAY.replace('say(', 'sayVtl(');
const ASK = `mutation Ask($room: ID!, $count: Int!, $gate: String!) {
  ask(room: $room, count: $count, gate: $gate)
}`;
const ON_SAY = `subscription OnSay($room: ID) { onSay(room: $room) { ${MESSAGE} } }`;
const ON_UNKNOWN = 'subscription OnSay($room: ID) { onSay(room: $room) { nothing } }';

const message = (room, number) => ({ room, number, text: `äß€😀${number}`, last: false });
const frames = (wanted, times) => told('frame', ({ type }) => type === wanted, times);
const heard = (room, number) =>
  told('heard', (data) => data.room === room && data.number === number);

/**
 * Gives the scenarios for one client.
 *
 * `call(document, variables)` settles when the answer, or a refusal, has been told;
 * `subscribe(document, variables)` tells what is `heard`, and why it `failed`.
 */
export const scenarios = ({ call, subscribe }) => ({
  async calls() {
    await call(ECHO, { text: 'hällo' });
    await call(SAY, message('calls', 1));
    await call(SAY_VTL, message('calls', 2));
    await call('query Nothing { nothing }');
  },

  async subscriptions() {
    const first = subscribe(ON_SAY, { room: 'a' });
    subscribe(ON_SAY, { room: 'b' });
    await frames('start_ack', 2);
    await call(SAY, message('a', 1));
    await call(SAY_VTL, message('b', 1));
    await Promise.all([heard('a', 1), heard('b', 1)]);
    first.unsubscribe();
    await frames('complete');
    await call(SAY, message('a', 2));
    await call(SAY, message('b', 2));
    await heard('b', 2);
  },

  async refused() {
    subscribe(ON_SAY, { room: 'a' });
    await frames('start_ack');
    subscribe(ON_UNKNOWN, { room: 'b' });
    await told('failed');
    await call(SAY, message('a', 1));
    await heard('a', 1);
  },

  async denied() {
    await call(ECHO, { text: 'x' });
    for (let times = 1; times <= 5; times += 1) {
      subscribe(ON_SAY, { room: 'a' });
      await told('failed', () => true, times);
    }
  },

  async stream() {
    const { room, count, gate } = options;
    subscribe(ON_SAY, { room });
    await frames('start_ack');
    await call(ASK, { room, count, gate });
    writeFileSync(gate, '');
    await told('heard', ({ last }) => last);
  },
});
