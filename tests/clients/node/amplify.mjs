// AWS Amplify v6 as an application uses it.

import { main, options, tell } from './lines.mjs';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { scenarios } from './scenarios.mjs';

Amplify.configure({
  API: {
    GraphQL: {
      endpoint: options.endpoint,
      region: 'us-east-1',
      defaultAuthMode: 'apiKey',
      apiKey: options.key,
    },
  },
});
const client = generateClient();

const messages = (failed) => failed.errors?.map(({ message }) => message) ?? String(failed);

async function call(query, variables) {
  try {
    tell('answer', (await client.graphql({ query, variables })).data);
  } catch (failed) {
    tell('refused', messages(failed));
  }
}

function subscribe(query, variables) {
  return client.graphql({ query, variables }).subscribe({
    next: ({ data, errors }) => (errors ? tell('errors', errors) : tell('heard', data.onSay)),
    error: (failed) => tell('failed', messages(failed)),
  });
}

await main(scenarios({ call, subscribe }));
