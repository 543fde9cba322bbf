import { suite } from "uvu";
import * as assert from "uvu/assert";
import { counted, dollars, duration, pace } from "../../src/command/amounts.js";

const amounts = suite("amounts in words");

amounts("durations", () => {
  const rows: [ms: number, text: string][] = [
    [0, "0.0 s"],
    [9_949, "9.9 s"],
    [10_000, "10 s"],
    [59_499, "59 s"],
    [59_600, "1 min 0 s"],
    [250_000, "4 min 10 s"],
    [7_500_000, "2 h 5 min"],
    [4_000_000_000, "1,111 h 6 min"],
  ];
  for (const [ms, text] of rows) assert.is(duration(ms), text);
});

amounts("counts, money and pace", () => {
  assert.equal([counted(1, "prompt"), counted(12_345, "prompt")], ["1 prompt", "12,345 prompts"]);
  assert.equal([dollars(0), dollars(0.01234), dollars(100)], ["$0.0000", "$0.0123", "$100.00"]);
  assert.equal([pace(0), pace(0.5), pace(16.84)], ["0.0/s", "30.0/min", "16.8/s"]);
});

amounts.run();
