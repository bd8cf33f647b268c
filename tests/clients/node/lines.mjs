// A line of JSON for whatever happens, sockets that tell, and checks that end in time.
//
// What is around a client gives `globalThis.writeLine(text)`, and `globalThis.askFor(what)`,
// which settles when it has been done.

let lines = [];
const waiting = new Set();

/** Writes a value and wakes whoever waits for it. */
export function tell(name, value = null) {
  globalThis.writeLine(JSON.stringify({ [name]: value }));
  lines.push([name, value]);
  for (const look of waiting) look();
}

/** Settles once `times` values of that name, matching if asked, were told in this check. */
export function told(name, matches = () => true, times = 1) {
  return new Promise((resolve) => {
    const look = () => {
      const found = lines.filter(([other, value]) => other === name && matches(value));
      if (found.length < times) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
}

/** Gives a kind of socket that tells what comes in, and when it is gone. */
export const watched = (Socket) =>
  class extends Socket {
    constructor(url, protocols) {
      super(url, protocols);
      tell('socket', this.url);
      this.addEventListener('message', ({ data }) => {
        const { type, id } = JSON.parse(data);
        tell('frame', { type, id });
      });
      this.addEventListener('close', () => tell('closed'));
    }
  };

/** Does one check after the other; one that breaks does not keep the next from its turn. */
export async function play(checks, seconds) {
  for (const [name, check] of Object.entries(checks)) {
    lines = [];
    waiting.clear();
    tell('check', name);
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${seconds} s were not enough`)), seconds * 1000);
    });
    try {
      await Promise.race([check(), late]);
    } catch (error) {
      tell('broken', String(error?.stack ?? error));
    }
    clearTimeout(timer);
  }
}
