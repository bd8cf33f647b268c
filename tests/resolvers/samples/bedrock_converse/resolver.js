import { converse } from '@aws-appsync/utils/ai';
import { util } from '@aws-appsync/utils';

/** Asks a model for one sentence. */
export function request(ctx) {
  return converse({
    modelId: ctx.env.MODEL,
    system: [{ text: 'Answer in one sentence.' }],
    messages: [{ role: 'user', content: [{ text: ctx.args.prompt.trim() }] }],
    inferenceConfig: { maxTokens: 100 },
  });
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { content } = ctx.result.output.message;
  return content.map((part) => part.text).join('');
}
