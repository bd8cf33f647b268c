export enum Status {
  DONE = 'done',
  OPEN = 'open',
}

const CLOSED: ReadonlyArray<string> = ['DONE'];

export const isOpen = (status: string): boolean => !CLOSED.includes(status);
