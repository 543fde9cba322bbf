/** Arbitrary JSON as text rather than as values: how it is written matters to a scanner. */

import fc from "fast-check";

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;

const SPECIAL = [
  '""',
  '"\\u0000\\/\\b\\f\\n\\r\\t\\"\\\\"',
  '"\u{1F600} \u2028 é 日本"',
  '"\\ud800"',
  '"}{][,:"',
];

const shortString = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: "binary", maxLength: 5 }).map(escaped),
  fc.constantFrom(...SPECIAL),
);

/** Around and far above the length from which a string may become a leaf. */
const longString = fc
  .tuple(shortString, fc.constantFrom(900, 1_000, 1_021, 1_022, 1_023, 1_024, 3_000, 9_000))
  .map(([text, length]) => `"${text.slice(1, -1)}${"x".repeat(length)}"`);

const NUMBERS = ["0", "-0", "-1", "0.5", "1e5", "1E+5", "-1.5e-7", "12345678901234567890", "1e400", "0e0"];
const scalar = fc.oneof(
  fc.constantFrom("true", "false", "null", ...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

/** Few of them, so that duplicates are common; some that objects have by themselves, some written twice. */
const key = fc.oneof(
  fc.constantFrom('"a"', '"b"', '"\\u0061"', '"type"', '""', '"0"', '"length"', '"日本"', '"\u{1F600}"'),
  fc.constantFrom('"__proto__"', '"\\u005f_proto__"', '"constructor"', '"toString"', '"toJSON"', '"\\ud800"'),
  shortString,
);

/** Containers that are large by their number of elements. */
const bulky = fc
  .tuple(fc.integer({ min: 1, max: 700 }), fc.constantFrom("0", '"some text"', "[]", '{"k":1}'))
  .chain(([count, item]) =>
    fc.constantFrom(
      `[${Array.from({ length: count }, () => item).join(",")}]`,
      `{${Array.from({ length: count }, (_, index) => `"k${index}":${item}`).join(",")}}`,
    ),
  );

interface Spaces {
  readonly space: fc.Arbitrary<string>;
}

function textWith({ space }: Spaces) {
  return fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: scalar },
      { weight: 3, arbitrary: shortString },
      { weight: 2, arbitrary: longString },
      { weight: 1, arbitrary: bulky },
      { weight: 4, arbitrary: tie("object") },
      { weight: 3, arbitrary: tie("array") },
    ),
    object: fc
      .array(fc.tuple(space, key, space, space, tie("value"), space), {
        maxLength: 6,
        depthIdentifier: "json",
      })
      .map(
        (members) =>
          `{${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(",")}}`,
      ),
    array: fc
      .array(fc.tuple(space, tie("value"), space), { maxLength: 6, depthIdentifier: "json" })
      .map((items) => `[${items.map((parts) => parts.join("")).join(",")}]`),
  }));
}

const loose = textWith({ space: fc.constantFrom("", "", "", " ", "\t", "\r", "\n", "  \r\n\t ") });
const tight = textWith({ space: fc.constant("") });

/** The text of any JSON value, with white space anywhere. */
export const jsonText: fc.Arbitrary<string> = loose.value;

/** The text of a JSON object, with white space anywhere. */
export const objectText: fc.Arbitrary<string> = loose.object;

/** The text of a JSON object without a blank in it. */
export const tightObjectText: fc.Arbitrary<string> = tight.object;

/** Any run of characters that JSON is made of, and a few that it is not. */
export const jsonLikeText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...'{}[]",:0123456789.-+eE\\/utfalsrn \t\u0000\u001fé\u007f'), { maxLength: 30 })
  .map((characters) => characters.join(""));

/** One small injury of a text: something cut off, taken out, put in or replaced. */
export const injury: fc.Arbitrary<(text: string) => string> = fc
  .tuple(
    fc.constantFrom("cut", "remove", "insert", "replace", "double"),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(...'{}[]",:0-.eE+\\ut \n\u0000\u001b}', "\uFEFF", "NaN", "00", "]}", "\\x", "'"),
  )
  .map(([kind, where, put]) => (text: string) => {
    const at = Math.min(text.length - 1, Math.floor(where * text.length));
    const [before, character, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)];
    switch (kind) {
      case "cut":
        return before;
      case "remove":
        return before + after;
      case "insert":
        return before + put + character + after;
      case "replace":
        return before + put + after;
      default:
        return before + character + character + after;
    }
  });
