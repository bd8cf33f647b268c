// Works on questions from a queue: asks a model, publishes its answer token by token.
// Only what Node.js 18 and later bring along is used, so there is nothing to install.

const {
  API_KEY,
  GRAPHQL_URL,
  OPENAI_API_KEY,
  OPENAI_BASE_URL = 'https://api.openai.com/v1',
  OPENAI_MODEL = 'gpt-4o-mini',
} = process.env;

// All fields are selected: subscribers get no more than the mutation selected.
const PUBLISH = `
mutation Publish(
  $session: ID!, $sequence: Int!, $text: String!, $done: Boolean!, $error: String
) {
  publishToken(
    session: $session, sequence: $sequence, text: $text, done: $done, error: $error
  ) { session sequence text done error }
}`;

/**
 * Answers the questions of a batch, and says which of them have to come back: when the
 * queue's visibility time-out has passed, and after a few times to the dead-letter queue.
 */
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    try {
      await answer(JSON.parse(body));
    } catch (error) {
      console.error(`message ${messageId} failed:`, error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};

/** Streams the answer to `prompt` into the session. */
async function answer({ session, prompt }) {
  let sequence = 0;
  // Waiting until AppSync has taken a token before sending the next keeps the order.
  const publish = (token) =>
    publishToken({ session, sequence: sequence++, text: '', done: false, ...token });
  try {
    for await (const text of tokens(prompt)) {
      await publish({ text });
    }
  } catch (error) {
    // Whoever waits for the answer is told, and so is the queue.
    await publish({ done: true, error: error.message });
    throw error;
  }
  await publish({ done: true });
}

async function publishToken(variables) {
  const response = await fetch(GRAPHQL_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': API_KEY },
    body: JSON.stringify({ query: PUBLISH, variables }),
  });
  const { errors } = await response.json();
  if (errors?.length) {
    throw new Error(`publishToken failed: ${JSON.stringify(errors)}`);
  }
}

/** Yields the pieces of the model's answer as they arrive. */
async function* tokens(prompt) {
  const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(OPENAI_API_KEY && { authorization: `Bearer ${OPENAI_API_KEY}` }),
    },
    body: JSON.stringify({
      model: OPENAI_MODEL,
      stream: true,
      messages: [
        { role: 'system', content: 'Answer in one short paragraph.' },
        { role: 'user', content: prompt },
      ],
    }),
  });
  if (!response.ok) {
    const body = await response.text();
    throw new Error(`the model answered ${response.status}: ${reason(body)}`);
  }
  for await (const line of lines(response.body)) {
    if (!line.startsWith('data:')) continue;
    const data = line.slice('data:'.length).trim();
    if (data === '[DONE]') return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new Error(chunk.error.message);
    for (const { delta } of chunk.choices) {
      if (delta.content) yield delta.content;
    }
  }
  throw new Error("the model's answer broke off");
}

async function* lines(body) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop();
    yield* parts;
  }
  yield rest;
}

function reason(body) {
  try {
    return JSON.parse(body).error.message;
  } catch {
    return body.slice(0, 200);
  }
}
