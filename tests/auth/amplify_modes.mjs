// AWS Amplify v6 in each of its authorization modes, as an application configures it.

import { webcrypto } from 'node:crypto';
import WebSocket from 'ws';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';

globalThis.crypto ??= webcrypto;
globalThis.WebSocket = WebSocket;

const { endpoint, modes } = JSON.parse(process.argv[2]);
const client = generateClient();
let current;

const token = (text) => ({ toString: () => text, payload: {} });
const tokenProvider = {
  getTokens: async () => ({ accessToken: token(current.token), idToken: token(current.token) }),
};
const credentialsProvider = {
  getCredentialsAndIdentityId: async () => ({ credentials: current.credentials }),
  clearCredentialsAndIdentityId: () => {},
};
Amplify.configure(
  { API: { GraphQL: { endpoint, region: 'us-east-1', defaultAuthMode: 'apiKey', apiKey: '-' } } },
  { Auth: { tokenProvider, credentialsProvider } },
);

const how = ({ mode: authMode, token: authToken }) =>
  authMode === 'lambda' ? { authMode, authToken } : { authMode };

async function call(query) {
  try {
    return (await client.graphql({ query, ...how(current) })).data;
  } catch (failed) {
    return failed.errors?.map(({ message, errorType }) => errorType ?? message) ?? String(failed);
  }
}

/** Says until the subscription hears it: Amplify does not tell when it has begun. */
const hear = () =>
  new Promise((settle) => {
    const listener = client
      .graphql({ query: 'subscription { onSay }', ...how(current) })
      .subscribe({ next: ({ data }) => end(data), error: (failed) => end(failed) });
    const saying = setInterval(() => call('mutation { say(text: "hi") }'), 200);
    function end(value) {
      clearInterval(saying);
      listener.unsubscribe();
      settle(value.errors?.map(({ message }) => message) ?? value);
    }
  });

const told = {};
for (const { name, good, bad } of modes) {
  current = good;
  told[name] = { who: await call('{ who }'), heard: await hear(), shut: await call('{ shut }') };
  current = bad;
  told[name].refused = await call('{ who }');
  told[name].failed = await hear();
}
console.log(JSON.stringify(told));
process.exit(0);
