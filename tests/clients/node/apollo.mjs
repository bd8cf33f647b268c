// Apollo Client with AWS's links as an application uses them.

import { createRequire } from 'node:module';
import { tell } from './lines.mjs';

// Not import: the links' ES modules need a bundler.
const require = createRequire(import.meta.url);
const apollo = require('@apollo/client');
const { createAuthLink } = require('aws-appsync-auth-link');
const { createSubscriptionHandshakeLink } = require('aws-appsync-subscription-link');

const { gql } = apollo;
const messages = (failed) =>
  (failed.errors ?? failed.cause?.errors)?.map(({ message }) => message) ?? String(failed);

export const connector = ({ endpoint }) => (key) => {
  const api = {
    url: endpoint,
    region: 'us-east-1',
    auth: { type: 'API_KEY', apiKey: key },
  };
  const client = new apollo.ApolloClient({
    link: apollo.ApolloLink.from([
      createAuthLink(api),
      createSubscriptionHandshakeLink(api, new apollo.HttpLink({ uri: api.url })),
    ]),
    cache: new apollo.InMemoryCache(),
  });

  async function call(document, variables) {
    const operation = gql(document);
    const work = document.startsWith('query')
      ? client.query({ query: operation, variables })
      : client.mutate({ mutation: operation, variables });
    try {
      tell('answer', (await work).data);
    } catch (failed) {
      tell('refused', messages(failed));
    }
  }

  const subscribe = (document, variables) =>
    client.subscribe({ query: gql(document), variables }).subscribe({
      next: ({ data, error }) =>
        error ? tell('failed', messages(error)) : tell('heard', data.onSay),
      error: (failed) => tell('failed', messages(failed)),
    });

  return { call, subscribe, resumes: false };
};
