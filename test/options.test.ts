import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaudeError } from "../src/errors.js";
import {
  DEFAULT_LIMITS,
  type LimitOptions,
  milliseconds,
  resolveLimits,
  resolveShutdown,
  type ShutdownOptions,
} from "../src/options.js";

const MiB = 1024 * 1024;
const LONGEST_MS = 2_147_483_647;

const defaults = suite("options: defaults");

defaults("are what the documentation says", () => {
  assert.equal(resolveLimits({}), {
    highWaterMark: 64 * MiB,
    maxFrameBytes: 256 * MiB,
    lazy: true,
    requestTimeoutMs: 60_000,
    spawnTimeoutMs: 30_000,
    shutdown: { graceMs: 3_000, termMs: 2_000 },
  });
  assert.equal(resolveLimits({}), DEFAULT_LIMITS);
});

defaults("an undefined option counts as one that was not given", () => {
  const given = { highWaterMark: undefined, lazy: undefined, shutdown: undefined };
  assert.equal(resolveLimits(given as unknown as LimitOptions), DEFAULT_LIMITS);
});

defaults("options that are no limits are left out", () => {
  assert.equal(
    Object.keys(resolveLimits({ pool: 1, signal: 2 } as LimitOptions)),
    Object.keys(DEFAULT_LIMITS),
  );
});

defaults.run();

const limits = suite("options: limits");

const accepted: readonly LimitOptions[] = [
  { highWaterMark: 1 },
  { highWaterMark: 2 ** 31 - 1 },
  { maxFrameBytes: 1 },
  { maxFrameBytes: 511 * MiB },
  { lazy: false },
  { requestTimeoutMs: 0 },
  { requestTimeoutMs: 0.5 },
  { requestTimeoutMs: LONGEST_MS },
  { spawnTimeoutMs: 1 },
  { shutdown: { graceMs: 0, termMs: 0 } },
];
for (const given of accepted) {
  limits(`takes ${JSON.stringify(given)}`, () => {
    assert.equal(resolveLimits(given), { ...DEFAULT_LIMITS, ...given });
  });
}

limits("fills in the half of the close ladder that was not given", () => {
  assert.equal(resolveLimits({ shutdown: { graceMs: 7 } }).shutdown, { graceMs: 7, termMs: 2_000 });
  assert.equal(resolveLimits({ shutdown: { termMs: 7 } }).shutdown, { graceMs: 3_000, termMs: 7 });
});

const sizes: readonly unknown[] = [
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "1024",
  1024n,
  [],
  {},
  true,
];
const durations: readonly unknown[] = [
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  LONGEST_MS + 1,
  "5",
  5n,
  [],
  true,
];

const refused: readonly (readonly [name: string, given: unknown, most: number])[] = [
  ...[...sizes, 2 ** 31].map((value) => ["highWaterMark", { highWaterMark: value }, 2 ** 31 - 1] as const),
  ...[...sizes, 512 * MiB].map((value) => ["maxFrameBytes", { maxFrameBytes: value }, 511 * MiB] as const),
  ...durations.map((value) => ["requestTimeoutMs", { requestTimeoutMs: value }, LONGEST_MS] as const),
  ...durations.map((value) => ["spawnTimeoutMs", { spawnTimeoutMs: value }, LONGEST_MS] as const),
  ...durations.map((value) => ["shutdown.graceMs", { shutdown: { graceMs: value } }, LONGEST_MS] as const),
  ...durations.map((value) => ["shutdown.termMs", { shutdown: { termMs: value } }, LONGEST_MS] as const),
];
refused.forEach(([name, given, most], row) => {
  limits(`refuses row ${row}, of ${name}, and says what it may be`, () => {
    const error = thrownBy(() => resolveLimits(given as LimitOptions));
    assert.is(error.code, "INVALID_ARGUMENT");
    assert.ok(error.message.startsWith(name), error.message);
    assert.match(error.message, String(most));
  });
});

limits.run();

const shutdown = suite("options: the close ladder");

const base = { graceMs: 10, termMs: 20 };
const rows: readonly (readonly [given: ShutdownOptions | undefined, expected: Required<ShutdownOptions>])[] =
  [
    [undefined, base],
    [{}, base],
    [{ graceMs: 1 }, { graceMs: 1, termMs: 20 }],
    [{ termMs: 1 }, { graceMs: 10, termMs: 1 }],
    [
      { graceMs: 0, termMs: 0 },
      { graceMs: 0, termMs: 0 },
    ],
  ];
for (const [given, expected] of rows) {
  shutdown(`${JSON.stringify(given)} over a base`, () =>
    assert.equal(resolveShutdown(given, base), expected),
  );
}

shutdown("without a base it has the defaults", () => {
  assert.equal(resolveShutdown(), DEFAULT_LIMITS.shutdown);
});

shutdown("a duration is given back as it was", () => {
  assert.is(milliseconds("x", 12.5), 12.5);
  assert.is(milliseconds("x", 0), 0);
});

shutdown.run();

function thrownBy(run: () => unknown): Error & { code?: string } {
  try {
    run();
  } catch (error) {
    if (isClaudeError(error)) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}
