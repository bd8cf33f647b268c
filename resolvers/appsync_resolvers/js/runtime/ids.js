// util.autoId (UUID version 4), util.autoUlid, util.autoKsuid.
(function ($) {
  "use strict";
  const HEX = "0123456789abcdef";
  const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const KSUID_EPOCH = 1400000000; // seconds

  // sfc32, seeded with 128 bits of the host's entropy: the engine's own generator is
  // seeded with the clock, which two processes may share.
  const state = $.state;

  function random32() {
    const sum = (state[0] + state[1] + state[3]) | 0;
    state[3] = (state[3] + 1) | 0;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = (state[2] + (state[2] << 3)) | 0;
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    state[2] |= 0;
    return sum >>> 0;
  }

  function digits(count, base, alphabet) {
    const out = [];
    const mask = base - 1;
    for (let bits = 0, left = 0; out.length < count; ) {
      if (left === 0) {
        bits = random32();
        left = 6;
      }
      out.push(alphabet[bits & mask]);
      bits >>>= 5;
      left--;
    }
    return out;
  }

  function autoId() {
    const words = [random32(), random32(), random32(), random32()];
    const out = [];
    for (let i = 0; i < 32; i++) {
      let digit = (words[i >> 3] >>> ((i & 7) * 4)) & 15;
      if (i === 12) digit = 4;
      else if (i === 16) digit = (digit & 3) | 8;
      if (i === 8 || i === 12 || i === 16 || i === 20) out.push("-");
      out.push(HEX[digit]);
    }
    return $.join(out, "");
  }

  function autoUlid() {
    const time = [];
    for (let left = $.now(); time.length < 10; left = Math.floor(left / 32)) {
      time.unshift(CROCKFORD[left % 32]);
    }
    return $.join([...time, ...digits(16, 32, CROCKFORD)], "");
  }

  function autoKsuid() {
    let value = $.BigInt(Math.floor($.now() / 1000) - KSUID_EPOCH);
    for (let i = 0; i < 4; i++) value = (value << 32n) | $.BigInt(random32());
    const out = [];
    for (let i = 0; i < 27; i++) {
      out.unshift(BASE62[Number(value % 62n)]);
      value /= 62n;
    }
    return $.join(out, "");
  }

  return { autoId, autoKsuid, autoUlid };
});
