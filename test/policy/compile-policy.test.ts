import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidArgumentError } from "../../src/errors.js";
import { compilePolicy, type ToolPolicy } from "../../src/policy/index.js";
import { NOWHERE } from "./policies.js";

const INDEX = new URL("../../src/policy/index.js", import.meta.url).href;
const policies = suite("policies");

policies("of another shape are refused", () => {
  // biome-ignore format: a table
  const wrong: unknown[] = [
    undefined, null, 5, "x", [], {}, { rules: "x" }, { rules: {} }, { rules: [5] }, { rules: [null] }, { rules: [[]] }, { rules: [{}] },
    { rules: [{ allow: 5 }] }, { rules: [{ allow: ["Bash"] }] }, { rules: [{ allow: "Bash", deny: "Bash" }] },
    { rules: [{ allow: "Bash", message: "x" }] }, { rules: [{ deny: "Bash", message: 5 }] }, { rules: [{ deny: "Bash", mesage: "x" }] },
    { rules: [{ permit: "Bash" }] }, { rules: [], otherwise: "allow" }, { rules: [], otherwise: "" }, { rules: [], default: "ask" },
    { rules: Array.from({ length: 1_001 }, () => ({ allow: "Bash" })) }, { rules: new Array(3) },
  ];
  for (const policy of wrong) refuses(policy, NOWHERE);
  // biome-ignore format: a table
  const contexts: unknown[] = [
    undefined, null, {}, { cwd: "" }, { cwd: "x" }, { cwd: 5 }, { cwd: "/x", home: "x" }, { cwd: "/x", home: 5 },
  ];
  for (const context of contexts) refuses({ rules: [] }, context);
});

/** What comes from JavaScript may be anything. */
function refuses(policy: unknown, context: unknown): void {
  const given = JSON.stringify([policy, context])?.slice(0, 100);
  const fails = (error: unknown) => error instanceof InvalidArgumentError;
  assert.throws(() => Reflect.apply(compilePolicy, undefined, [policy, context]), fails, given);
}

policies("are data: they survive a structured clone, and later changes do not matter", async () => {
  const rules = [{ allow: "Read" }];
  const policy: ToolPolicy = structuredClone({ rules, otherwise: "ask" });
  const compiled = compilePolicy({ rules }, NOWHERE);
  rules[0] = { allow: "Bash" };
  assert.is((await compiled.decide({ tool_name: "Bash", input: {} })).behavior, "deny");
  assert.is((await compilePolicy(policy, NOWHERE).decide({ tool_name: "Bash", input: {} })).behavior, "ask");
  assert.is(
    (await compilePolicy({ rules: [] }, NOWHERE).decide({ tool_name: "Bash", input: {} })).behavior,
    "deny",
  );
});

policies("whatever is asked, there is an answer, and it is no", async () => {
  const compiled = compilePolicy(
    { rules: [{ allow: "Bash(git *)" }, { allow: "Read(./a/**)" }, { deny: "Edit(./x)" }] },
    NOWHERE,
  );
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  // biome-ignore format: a table
  const requests: unknown[] = [
    undefined, null, 5, "Bash", [], {}, hostile, { tool_name: "Bash" }, { tool_name: 5, input: {} }, { tool_name: "Bash", input: null },
    { tool_name: "Bash", input: [] }, { tool_name: "Bash", input: hostile }, { tool_name: ["Bash"], input: { command: "git" } },
    { tool_name: "Bash", input: { command: { toString: () => "git" } } }, { tool_name: "", input: {} },
    { tool_name: "Bash", input: { get command() { throw new Error("no"); } } },
  ];
  for (const request of requests) {
    // @ts-expect-error what comes from a process may be anything
    const { behavior, reason } = await compiled.decide(request);
    assert.is(behavior, "deny");
    assert.ok(reason.length > 0);
  }
  const tool = fc.constantFrom(
    "Bash",
    "Read",
    "Edit",
    "Grep",
    "Glob",
    "WebFetch",
    "Agent",
    "Skill",
    "Monitor",
    "mcp__a__b",
  );
  const field = fc.constantFrom("command", "file_path", "path", "pattern", "url", "subagent_type", "skill");
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.anything());
  await fc.assert(
    fc.asyncProperty(tool, fc.dictionary(field, value), async (tool_name, input) => {
      const { behavior } = await compiled.decide({ tool_name, input });
      assert.is(behavior, "deny", JSON.stringify(input));
    }),
    { numRuns: 400 },
  );
});

policies("an input that shows something else at each look is looked at once", async () => {
  const compiled = compilePolicy({ rules: [{ allow: "Bash(git *)" }] }, NOWHERE);
  let looks = 0;
  const input = {
    get command() {
      looks += 1;
      return looks === 1 ? "git log" : "rm x";
    },
  };
  assert.is((await compiled.decide({ tool_name: "Bash", input })).behavior, "allow");
  assert.is(looks, 1);
});

policies("what needs an answer of somebody is asked, not allowed", async () => {
  const compiled = compilePolicy(
    { rules: [{ allow: "AskUserQuestion" }, { deny: "ExitPlanMode" }] },
    NOWHERE,
  );
  const ask = (tool_name: string, requires_user_interaction: boolean) =>
    compiled.decide({ tool_name, input: {}, requires_user_interaction });
  assert.is((await ask("AskUserQuestion", true)).behavior, "ask");
  assert.is((await ask("AskUserQuestion", false)).behavior, "allow");
  assert.is((await ask("ExitPlanMode", true)).behavior, "deny");
});

policies("hundreds of requests at once get each their own answer", async () => {
  const compiled = compilePolicy({ rules: [{ allow: "Bash(git *)" }] }, NOWHERE);
  const commands = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? "rm x" : `git log ${index}`));
  const decisions = await Promise.all(
    commands.map((command) => compiled.decide({ tool_name: "Bash", input: { command } })),
  );
  assert.equal(
    decisions.map(({ behavior }) => behavior === "allow"),
    commands.map((command) => command !== "rm x"),
  );
});

policies("the parser is loaded when a command has to be read; without it nothing is allowed", () => {
  const hook = `export function resolve(name, context, next) {
    if (name === "unbash") throw new Error("not here");
    return next(name, context);
  }`;
  const program = `
    import { register } from "node:module";
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});
    const { compilePolicy } = await import(${JSON.stringify(INDEX)});
    const request = { tool_name: "Bash", input: { command: "git log" } };
    for (const rules of [[{ allow: "Read(./**)" }, { allow: "Bash" }], [{ allow: "Bash(git *)" }]]) {
      const { behavior } = await compilePolicy({ rules }, { cwd: "/nowhere" }).decide(request);
      console.log(behavior);
    }`;
  const env = { PATH: process.env.PATH ?? "" };
  const options = { env, encoding: "utf8", timeout: 60_000 } as const;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], options);
  assert.is(stdout, "deny\ndeny\n");
});

policies("decide in a worker thread", async () => {
  const source = `
    import { parentPort, workerData } from "node:worker_threads";
    import { compilePolicy } from ${JSON.stringify(INDEX)};
    const compiled = compilePolicy(workerData.policy, workerData.context);
    parentPort.postMessage(await Promise.all(workerData.requests.map((request) => compiled.decide(request))));
  `;
  const requests = ["git log", "git log; rm x"].map((command) => ({ tool_name: "Bash", input: { command } }));
  const workerData = { policy: { rules: [{ allow: "Bash(git *)" }] }, context: NOWHERE, requests };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData });
  const decisions = await new Promise<unknown>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  assert.equal(
    (decisions as { behavior: string }[]).map(({ behavior }) => behavior),
    ["allow", "deny"],
  );
});

policies.run();
