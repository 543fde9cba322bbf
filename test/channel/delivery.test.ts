import { suite } from "uvu";
import * as assert from "uvu/assert";
import { deliveryTest } from "../../src/channel/delivery.js";

const delivery = suite("delivery");

const FRAMES = {
  result: { type: "result", subtype: "success" },
  lifecycle: { type: "command_lifecycle", state: "started" },
  init: { type: "system", subtype: "init" },
  status: { type: "system", subtype: "status" },
  text: { type: "assistant", message: { content: [{ type: "text", text: "hello" }] } },
  tool: { type: "assistant", message: { content: [{ type: "text" }, { type: "tool_use", name: "Bash" }] } },
  bytes: { type: "assistant", message: { content: { "leaf-1": 0 } } },
  odd: { type: "assistant", message: null },
  unknown: { type: "tomorrow" },
} as const;

const ALL = Object.keys(FRAMES);
const ALWAYS = ["result", "lifecycle"];

const CASES: readonly [names: string[] | undefined, delivered: readonly string[]][] = [
  [undefined, ALL],
  [[], ALWAYS],
  [["system"], [...ALWAYS, "init", "status"]],
  [["system/init"], [...ALWAYS, "init"]],
  [["assistant"], [...ALWAYS, "text", "tool", "bytes", "odd"]],
  // What cannot be looked into may call a tool.
  [["assistant/tool_use"], [...ALWAYS, "tool", "bytes", "odd"]],
  [
    ["assistant/text", "tomorrow"],
    [...ALWAYS, "unknown"],
  ],
];

for (const [names, delivered] of CASES) {
  delivery(
    `${names?.join(", ") ?? "without a list"} lets through ${delivered.length} of ${ALL.length}`,
    () => {
      const passes = deliveryTest(names);
      assert.equal(
        Object.entries(FRAMES).flatMap(([name, frame]) => (passes(frame) ? [name] : [])),
        ALL.filter((name) => delivered.includes(name)),
      );
    },
  );
}

delivery.run();
