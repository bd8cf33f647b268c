// AWS Amplify v6 as an application uses it, in Node.js and in a browser.

import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { Hub } from 'aws-amplify/utils';
import { tell } from './lines.mjs';

Hub.listen('api', ({ payload }) => {
  if (payload.event === 'ConnectionStateChange') tell('state', payload.data.connectionState);
});

const messages = (failed) => failed.errors?.map(({ message }) => message) ?? String(failed);

export const connector = ({ endpoint }) => (key) => {
  Amplify.configure({
    API: {
      GraphQL: { endpoint, region: 'us-east-1', defaultAuthMode: 'apiKey', apiKey: key },
    },
  });
  const client = generateClient();

  async function call(query, variables) {
    try {
      tell('answer', (await client.graphql({ query, variables })).data);
    } catch (failed) {
      tell('refused', messages(failed));
    }
  }

  const subscribe = (query, variables) =>
    client.graphql({ query, variables }).subscribe({
      next: ({ data, errors }) => (errors ? tell('errors', errors) : tell('heard', data.onSay)),
      error: (failed) => tell('failed', messages(failed)),
    });

  return { call, subscribe, resumes: true };
};
