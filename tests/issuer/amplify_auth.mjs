// AWS Amplify v6 signs up and in as an application lets it, and calls the API with that.

import { Amplify } from 'aws-amplify';
import {
  confirmSignIn,
  confirmSignUp,
  deleteUser,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
} from 'aws-amplify/auth';
import { generateClient } from 'aws-amplify/api';

const { endpoint, userPoolEndpoint, userPoolId, userPoolClientId } = JSON.parse(process.argv[2]);
const told = {};
const failed = (error) => `${error.name}: ${error.message}`;
const tell = async (name, work) => {
  try {
    told[name] = (await work()) ?? 'done';
  } catch (error) {
    told[name] = failed(error);
  }
};

Amplify.configure({
  Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint } },
  API: { GraphQL: { endpoint, region: 'us-east-1', defaultAuthMode: 'userPool' } },
});
const client = generateClient();
const me = async () => JSON.parse((await client.graphql({ query: '{ me }' })).data.me);
const password = 'Secret-123';
const options = { userAttributes: { email: 'alice@example.com' } };

await tell('signUp', () => signUp({ username: 'alice', password, options }));
await tell('early', () => signIn({ username: 'alice', password }));
await tell('confirmSignUp', () => confirmSignUp({ username: 'alice', confirmationCode: '123456' }));
await tell('wrong', () => signIn({ username: 'alice', password: 'Wrong-1234' }));
await tell('nobody', () => signIn({ username: 'bob', password }));
await tell('srp', () => signIn({ username: 'alice', password }));
await tell('current', () => getCurrentUser());
await tell('attributes', () => fetchUserAttributes());
await tell('me', me);
const session = await fetchAuthSession();
const fresh = await fetchAuthSession({ forceRefresh: true });
told.session = session.tokens.accessToken.payload;
told.fresh = fresh.tokens.accessToken.payload;
told.id = fresh.tokens.idToken.payload;
await tell('again', me);
await tell('update', () => updatePassword({ oldPassword: password, newPassword: 'Other-4567' }));
await tell('signOut', () => signOut());
await tell('signedOut', () => getCurrentUser());
await tell('plain', () =>
  signIn({ username: 'alice', password: 'Other-4567', options: { authFlowType: 'USER_PASSWORD_AUTH' } }));
await tell('global', () => signOut({ global: true }));
await tell('reset', () => resetPassword({ username: 'alice' }));
await tell('carol', () => signIn({ username: 'carol', password }));
await tell('carolNew', () => confirmSignIn({ challengeResponse: 'Other-4567' }));
await tell('carolMe', async () => (await me()).groups);
await tell('delete', () => deleteUser());
console.log(JSON.stringify(told));
process.exit(0);
