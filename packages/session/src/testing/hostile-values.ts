/** A source of random numbers that a seed decides: the same seed, the same cookies. */
export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  int(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with that probability, 0 to 1. */
  chance(probability: number): boolean;
  text(length: number, alphabet: string): string;
}

/** From the environment, or another one each time. */
export function hostileSeed(): number {
  return Number(process.env.HOSTILE_SEED) || Date.now() % 2 ** 31;
}

/** mulberry32 (Tommy Ettinger, 2017): 32 bits of state are plenty to choose test data by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    pick: (list) => list[int(list.length)] as never,
    chance: (probability) => next() < probability,
    text: (length, alphabet) =>
      Array.from({ length }, () => alphabet[int(alphabet.length)]).join(""),
  };
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX = "0123456789abcdef";
const PRINTABLE = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join("");
const ANY = `${PRINTABLE} \t\r\n\0\u007f\u0085\u00e9\u2028\ud800\u{1f36a}`;

/** Pieces of what stores, parsers and shells understand. */
const FRAGMENTS = [
  "\r\nset x 0 0 1\r\ny\r\n",
  "\r\ndelete x\r\n",
  "\r\nflush_all\r\n",
  "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
  "' OR '1'='1' --",
  "'; DROP TABLE session; --",
  "$1",
  "../../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "/dev/zero",
  "%00",
  "%",
  "%E0%A4%A",
  "%0d%0aSet-Cookie:%20a=b",
  "; Path=/; Domain=example.com",
  "; __Host-session=",
  '"',
  '\\"',
  "__proto__",
  "constructor",
  '{"$ne":null}',
  "$(id)",
  "\u0000",
  "undefined",
  "null",
  "NaN",
  "[object Object]",
  "s:",
  "eyJhbGciOiJub25lIn0.e30.",
  "Fe26.2*",
  "~2",
  "*",
] as const;

/**
 * A value of the session cookie that no app gave out: random, or made of a real one. What has the shape of a real
 * one is as likely as what has none, so that every layer gets its share.
 *
 * @param real Values that open a session, or once did, here or elsewhere. None of them is returned.
 */
export function hostileValue(random: Random, real: readonly string[]): string {
  for (;;) {
    const value = random.pick(KINDS)(random, real);
    if (!real.includes(value)) return value;
  }
}

type Kind = (random: Random, real: readonly string[]) => string;

const changeOne: Kind = (random, real) => {
  const value = random.pick(real);
  const at = random.int(value.length);
  return value.slice(0, at) + random.pick([...BASE64URL]) + value.slice(at + 1);
};

/** Base64 may spell the same bytes in several ways, by what its last character does not use. */
const changeLast: Kind = (random, real) => {
  const value = random.pick(real);
  const ends = [...value.matchAll(/[\w-](?=[*~.]|$)/g)].map(({ index }) => index);
  const at = random.pick(ends.length ? ends : [value.length - 1]);
  return value.slice(0, at) + random.pick([...BASE64URL]) + value.slice(at + 1);
};

const swapPart: Kind = (random, real) => {
  const [value, other] = [random.pick(real), random.pick(real)];
  const separator = random.pick(["*", ".", "~"]);
  const parts = value.split(separator);
  const others = other.split(separator);
  const at = random.int(parts.length);
  parts[at] = random.pick([others[at] ?? "", others[random.int(others.length)] ?? "", ""]);
  return parts.join(separator);
};

/** Each part keeps its length and its alphabet: a seal that looks right, and is not. */
const sameShape: Kind = (random, real) =>
  random
    .pick(real)
    .split(/([*~.])/)
    .map((part) => {
      if (part.length < 16) return part;
      return random.text(part.length, /^[\da-f]+$/.test(part) ? HEX : BASE64URL);
    })
    .join("");

const KINDS: readonly Kind[] = [
  changeOne,
  changeOne,
  changeLast,
  swapPart,
  sameShape,
  (random) => random.text(43, BASE64URL), // an id
  (random) => random.text(random.pick([0, 1, 42, 44, 64, 300, 4_100]), BASE64URL),
  (random) => random.text(random.int(200), ANY),
  (random) => random.pick(FRAGMENTS),
  (random) => random.text(43, BASE64URL) + random.pick(FRAGMENTS),
  (random, real) => {
    const value = random.pick(real);
    const at = random.int(value.length + 1);
    return value.slice(0, at) + random.pick(FRAGMENTS) + value.slice(at);
  },
  (random, real) => {
    const value = random.pick(real);
    return value.slice(random.int(3), value.length - random.int(3));
  },
  (random, real) => {
    const value = random.pick(real);
    return random.pick([
      value.toUpperCase(),
      value.toLowerCase(),
      value + value,
      ` ${value}`,
      `${value} `,
      `${value}=`,
      `"${value}"`,
      `s:${value}.${random.text(43, BASE64URL)}`,
      [...value].reverse().join(""),
      encodeURIComponent(encodeURIComponent(`${value}%`)),
      Buffer.from(value).toString("base64url"),
      value.replaceAll("-", "+").replaceAll("_", "/"),
    ]);
  },
];
