/** A NONE data source gives its payload back: the arguments become the token. */
export function request(ctx) {
  return { payload: ctx.args };
}

export function response(ctx) {
  return ctx.result;
}
