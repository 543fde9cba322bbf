import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emit, onPrompt } from "../../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS, user } from "../../support/scripted.js";

const PATIENCE = { timeoutMs: 3 * PATIENCE_MS };

/** How much longer a deep frame may take than a frame of as many bytes that the scan has an easy time with. */
const FACTOR = 10;

const cost = suite("the cost of a deep frame");

const LEVELS = 100_000;
const TEXT = "x".repeat(1_100);
const TEXT_LEVELS = 8_000;

interface Pair {
  readonly name: string;
  readonly deep: string;
  readonly easy: string;
}

const PAIRS: readonly Pair[] = [
  {
    name: "of objects is that of arrays as deep",
    deep: `${'{"a":'.repeat(LEVELS)}1${"}".repeat(LEVELS)}`,
    easy: "[[[[[".repeat(LEVELS / 5) + "]]]]]".repeat(LEVELS / 5),
  },
  {
    name: "with a long text at each level is that of as many texts in a row",
    deep: `${`{"s":"${TEXT}","a":`.repeat(TEXT_LEVELS)}1${"}".repeat(TEXT_LEVELS)}`,
    easy: `[${Array<string>(TEXT_LEVELS).fill(`{"s":"${TEXT}"}`).join()}]`,
  },
];

for (const { name, deep, easy } of PAIRS) {
  cost(name, async () => {
    const rule = (prompt: string, value: string) => onPrompt(prompt, emit(`{"type":"x","v":${value}}\n`));
    await using client = await open([rule("deep", deep), rule("easy", easy)]);
    const time = async (prompt: string) => {
      await client.send(user(prompt));
      const began = performance.now();
      await client.receive(PATIENCE);
      return performance.now() - began;
    };
    // The first one also pays for code that is not compiled yet.
    await time("easy");
    const [easyMs, deepMs] = [await time("easy"), await time("deep")];
    assert.ok(deepMs < FACTOR * easyMs, `${Math.round(deepMs)} ms against ${Math.round(easyMs)} ms`);
  });
}

cost.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
