import { Context, DynamoDBGetItemRequest, util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';
import type { QueryGetTodoArgs, Todo } from './generated/types';
import { Status, isOpen } from './status';

type Result = Todo & { open: boolean };

export function request(ctx: Context<QueryGetTodoArgs>): DynamoDBGetItemRequest {
  const { id } = ctx.args as { id: string };
  return get<Todo>({ key: { id }, consistentRead: true });
}

export function response(ctx: Context<QueryGetTodoArgs, object, undefined, undefined, Todo>): Result | null {
  const { error, result } = ctx;
  if (error) {
    util.error(error.message, error.type as string, result!);
  }
  if (!result) return null;
  return { ...result, status: Status[result.status as keyof typeof Status], open: isOpen(result.status) } satisfies object as Result;
}
