import { util } from '@aws-appsync/utils';

/** Translates a text with an AWS service, signed by the data source. */
export function request(ctx) {
  const { text, from = 'auto', to } = ctx.args;
  return {
    method: 'POST',
    resourcePath: '/',
    params: {
      headers: {
        ...util.http.copyHeaders(ctx.request.headers),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSShineFrontendService_20170701.TranslateText',
      },
      query: { trace: util.urlEncode(`${from} to ${to}`) },
      body: JSON.stringify({ Text: text, SourceLanguageCode: from, TargetLanguageCode: to }),
    },
  };
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error) util.error(error.message, error.type);
  if (result.statusCode >= 300) {
    util.appendError(result.body, `${result.statusCode}`);
    return null;
  }
  return JSON.parse(result.body).TranslatedText;
}
