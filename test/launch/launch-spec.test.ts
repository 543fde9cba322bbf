import { inspect } from "node:util";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaudeError } from "../../src/errors.js";
import { ClaudeCliBuilder, type LaunchSpec, toSpawnable } from "../../src/launch/index.js";
import { checkLaunchSpec, makeLaunchSpec } from "../../src/launch/launch-spec.js";
import { withHostEnv } from "./host-env.js";

const spec = suite("LaunchSpec");

spec("is frozen data that can be cloned and posted, secrets included", () => {
  const built = new ClaudeCliBuilder().cleanEnv().apiKey("hush").workingDirectory("/w").build();
  assert.ok(Object.isFrozen(built) && Object.isFrozen(built.args));
  const clone = structuredClone(built);
  assert.equal(clone.env, { ANTHROPIC_API_KEY: "hush" });
  assert.equal(clone, toSpawnable(built));
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(built);
  assert.equal(receiveMessageOnPort(port2)?.message, toSpawnable(built));
  port1.close();
});

spec("leaves out what it was not given", () => {
  assert.equal(Object.keys(makeLaunchSpec({ command: "c", args: [] })), ["command", "args"]);
});

spec("toSpawnable is plain and carries the host's environment where none was given", () => {
  withHostEnv({ LAUNCH_TEST: "now" }, () => {
    const plain = toSpawnable({ command: "c", args: ["a"] });
    assert.is(plain.env.LAUNCH_TEST, "now");
    assert.equal(plain.env, { ...process.env });
    assert.equal(Object.keys(plain), ["command", "args", "env"]);
  });
});

spec("toSpawnable keeps an empty environment empty, and odd names", () => {
  assert.equal(toSpawnable({ command: "c", args: [], env: {} }).env, {});
  const odd = toSpawnable(
    new ClaudeCliBuilder().cleanEnv().env("__proto__", "x").env("constructor", "y").build(),
  );
  assert.equal(Object.entries(odd.env), [
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

spec("what is wrong with a foreign spec is said, without its values", () => {
  const rows: ReadonlyArray<readonly [unknown, RegExp]> = [
    [{ args: [] }, /LaunchSpec\.command must be a string/],
    [{ command: "", args: [] }, /LaunchSpec\.command is empty/],
    [{ command: "c" }, /LaunchSpec\.args must be an array/],
    [{ command: "c", args: "--x" }, /LaunchSpec\.args must be an array/],
    [{ command: "c", args: ["a", 1] }, /LaunchSpec\.args\[1\] must be a string/],
    [{ command: "c", args: ["\0"] }, /LaunchSpec\.args\[0\] holds a NUL/],
    [{ command: "c", args: [], cwd: "" }, /LaunchSpec\.cwd is empty/],
    [{ command: "c", args: [], env: "A=hush" }, /LaunchSpec\.env must be an object/],
    [{ command: "c", args: [], env: { A: 5 } }, /variable A must be a string/],
    [{ command: "c", args: [], env: { A: "hush\0" } }, /variable A holds a NUL/],
    [{ command: "c", args: [], sessionId: "" }, /LaunchSpec\.sessionId is empty/],
  ];
  for (const [value, message] of rows) {
    let thrown: unknown;
    try {
      checkLaunchSpec(value as LaunchSpec);
    } catch (error) {
      thrown = error;
    }
    assert.ok(isClaudeError(thrown), inspect(value));
    assert.match(String(thrown), message);
    assert.not.match(inspect(thrown), /hush/);
  }
  checkLaunchSpec({ command: "c", args: [""], env: {}, cwd: "/", sessionId: "s" });
});

spec.run();
