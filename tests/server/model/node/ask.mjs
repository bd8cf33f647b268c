// Asks as a function does: nothing but the environment says where the model is.
// The argument is { operation, input }; an event a line is printed, then the error.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const parse = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const { operation, input } = JSON.parse(process.argv[2]);
const client = new BedrockRuntimeClient({ maxAttempts: 1 });

const operations = {
  async converse() {
    const { $metadata, ...answer } = await client.send(new ConverseCommand(input));
    print(answer);
  },
  async converseStream() {
    const { stream } = await client.send(new ConverseStreamCommand(input));
    for await (const event of stream) print(event);
  },
  async invoke() {
    const body = JSON.stringify(input.body);
    const answer = await client.send(new InvokeModelCommand({ ...input, body }));
    print({ contentType: answer.contentType, body: parse(answer.body) });
  },
  async invokeStream() {
    const body = JSON.stringify(input.body);
    const command = new InvokeModelWithResponseStreamCommand({ ...input, body });
    const answer = await client.send(command);
    for await (const event of answer.body) print(parse(event.chunk.bytes));
  },
};

try {
  await operations[operation]();
} catch (error) {
  print({ error: error.name, message: error.message, status: error.$metadata?.httpStatusCode });
}
