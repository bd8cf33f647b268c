import { util } from '@aws-appsync/utils';
/** Translates a text; the data source signs the request. */
export function request(ctx) {
  const { text, from = 'auto', to } = ctx.args;
  return {
    method: 'POST',
    resourcePath: '/',
    params: {
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSShineFrontendService_20170701.TranslateText',
      },
      body: { Text: text, SourceLanguageCode: from, TargetLanguageCode: to },
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  const body = JSON.parse(result.body);
  if (result.statusCode !== 200) util.error(body.message, `${result.statusCode}`);
  return body.TranslatedText;
}
