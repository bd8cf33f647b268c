// What every client is put through. ../python/checks.py is the same for those in Python.

import { tell, told } from './lines.mjs';

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
const ON_SAY_CLOSED = `subscription OnSay($room: ID) { onSayClosed(room: $room) { ${MESSAGE} } }`;

const acknowledged = (times) => told('frame', ({ type }) => type === 'start_ack', times);
const completed = (times) => told('frame', ({ type }) => type === 'complete', times);
const failed = (times) => told('failed', () => true, times);

/**
 * Gives the checks for one client.
 *
 * `connect(key)` gives `call(document, variables)`, which settles when the answer or a
 * refusal has been told, and `subscribe(document, variables)`, which tells what is `heard`
 * and why it `failed`. `resumes` says whether subscriptions outlive their connection.
 */
export function checks(connect, { key, name, gate, count }) {
  const room = (letter) => `${name}/${letter}`;
  const message = (letter, number) => ({
    room: room(letter),
    number,
    text: `äß€😀${number}`,
    last: false,
  });
  const heard = (letter, number) =>
    told('heard', (data) => data.room === room(letter) && data.number === number);
  /** Ends what is subscribed and waits until the client has closed its socket. */
  const leave = async (...listeners) => {
    for (const listener of listeners) listener.unsubscribe();
    await told('closed');
  };

  return {
    async query() {
      const { call } = connect(key);
      await call(ECHO, { text: 'hällo' });
      await call('query Nothing { nothing }');
    },

    async mutation() {
      const { call } = connect(key);
      await call(SAY, message('a', 1));
      await call(SAY_VTL, message('a', 2));
    },

    async subscription() {
      const { call, subscribe } = connect(key);
      const listener = subscribe(ON_SAY, { room: room('a') });
      await acknowledged(1);
      await call(SAY, message('b', 0));
      await call(SAY, message('a', 1));
      await call(SAY_VTL, message('a', 2));
      await heard('a', 2);
      await leave(listener);
    },

    async twoSubscriptions() {
      const { call, subscribe } = connect(key);
      const first = subscribe(ON_SAY, { room: room('a') });
      const second = subscribe(ON_SAY, { room: room('b') });
      await acknowledged(2);
      await call(SAY, message('a', 1));
      await heard('a', 1);
      await call(SAY_VTL, message('b', 2));
      await heard('b', 2);
      await leave(first, second);
    },

    async unsubscribe() {
      const { call, subscribe } = connect(key);
      const leaving = subscribe(ON_SAY, { room: room('a') });
      const staying = subscribe(ON_SAY, { room: room('b') });
      await acknowledged(2);
      leaving.unsubscribe();
      await completed(1);
      await call(SAY, message('a', 1));
      await call(SAY, message('b', 2));
      await heard('b', 2);
      await leave(staying);
    },

    async errorAtSubscribe() {
      const { call, subscribe } = connect(key);
      const staying = subscribe(ON_SAY, { room: room('a') });
      await acknowledged(1);
      subscribe(ON_UNKNOWN, { room: room('b') });
      await failed(1);
      subscribe(ON_SAY_CLOSED, { room: room('c') });
      await failed(2);
      await call(SAY, message('a', 1));
      await heard('a', 1);
      await leave(staying);
    },

    async stream() {
      const { call, subscribe } = connect(key);
      const listener = subscribe(ON_SAY, { room: room('a') });
      await acknowledged(1);
      await call(ASK, { room: room('a'), count, gate });
      await globalThis.askFor('open gate');
      await told('heard', ({ last }) => last);
      await leave(listener);
    },

    async restart() {
      const { call, subscribe, resumes } = connect(key);
      let listener = subscribe(ON_SAY, { room: room('a') });
      await acknowledged(1);
      await call(SAY, message('a', 1));
      await heard('a', 1);
      await globalThis.askFor('restart');
      if (!resumes) {
        await failed(1);
        tell('again');
        listener = subscribe(ON_SAY, { room: room('a') });
      }
      await acknowledged(2);
      await call(SAY, message('a', 2));
      await heard('a', 2);
      listener.unsubscribe();
      await told('closed', () => true, 2);
    },

    // The last: 15 s after a refusal Amplify takes whatever connection it then has for
    // failed, and if it is about to connect again at that moment it does not.
    async denied() {
      const { call, subscribe } = connect('da2-wrong');
      await call(ECHO, { text: 'x' });
      for (let times = 1; times <= 5; times += 1) {
        subscribe(ON_SAY, { room: room('a') });
        await failed(times);
      }
      await told('closed', () => true, 5);
    },
  };
}
