/** The tokens of JSON as bytes: where each one ends, or at which offset it stops being one. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first offset from `from` on that holds no white space. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** Offset behind the string that opens at `start`, or -(offset of the error) - 1. */
export function stringEnd(bytes: Buffer, start: number): number {
  const length = bytes.length;
  let at = start + 1;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -at - 1;
    if (byte !== BACKSLASH) {
      at += 1;
      continue;
    }
    const escaped = escapeLength(bytes, at);
    if (escaped === 0) return -at - 1;
    at += escaped;
  }
  return -length - 1;
}

/** Bytes of the escape sequence at `at`, or 0 when there is no such escape in JSON. */
function escapeLength(bytes: Buffer, at: number): number {
  switch (bytes[at + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2;
    case 0x75: // u
      for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit])) return 0;
      return 6;
    default:
      return 0;
  }
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** Offset behind the number or literal at `start`, or -(offset of the error) - 1. */
export function scalarEnd(bytes: Buffer, start: number): number {
  switch (bytes[start]) {
    case 0x74:
      return literalEnd(bytes, start, TRUE);
    case 0x66:
      return literalEnd(bytes, start, FALSE);
    case 0x6e:
      return literalEnd(bytes, start, NULL);
    default:
      return numberEnd(bytes, start);
  }
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

function literalEnd(bytes: Buffer, start: number, literal: Buffer): number {
  for (let offset = 0; offset < literal.length; offset++) {
    if (bytes[start + offset] !== literal[offset]) return -(start + offset) - 1;
  }
  return start + literal.length;
}

function numberEnd(bytes: Buffer, start: number): number {
  let at = start;
  if (bytes[at] === 0x2d) at += 1;
  const whole = at;
  at = digitsEnd(bytes, at);
  if (at === whole) return -at - 1;
  // A number does not begin with a zero that another digit follows.
  if (bytes[whole] === 0x30 && at > whole + 1) return -whole - 2;
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = digitsEnd(bytes, fraction);
    if (at === fraction) return -at - 1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
    const exponent = at;
    at = digitsEnd(bytes, exponent);
    if (at === exponent) return -at - 1;
  }
  return at;
}

function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined || byte < 0x30 || byte > 0x39) return at;
    at += 1;
  }
}
