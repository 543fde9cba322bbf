import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { composeEnvironment, hideValues } from "../../src/launch/child-environment.js";
import { ClaudeCliBuilder } from "../../src/launch/index.js";
import { PLAIN_HOST, withHostEnv } from "./host-env.js";

const compose = suite("composeEnvironment");

const HOST = { PATH: "/bin", HOME: "/h" };

function plan(added: Record<string, string> = {}, rest: { inherit?: boolean; removed?: string[] } = {}) {
  return {
    inherit: rest.inherit ?? true,
    added: new Map(Object.entries(added)),
    removed: new Set(rest.removed ?? []),
  };
}

type Row = readonly [
  string,
  Record<string, string>,
  ReturnType<typeof plan>,
  Record<string, string> | undefined,
];

const ROWS: readonly Row[] = [
  ["nothing to change: inherit at the spawn", HOST, plan(), undefined],
  ["added on top", HOST, plan({ A: "1" }), { ...HOST, A: "1" }],
  ["added wins", HOST, plan({ HOME: "/x" }), { PATH: "/bin", HOME: "/x" }],
  ["clean", HOST, plan({}, { inherit: false }), {}],
  ["clean with additions", HOST, plan({ A: "1" }, { inherit: false }), { A: "1" }],
  ["removed", { ...HOST, CLAUDECODE: "1" }, plan({}, { removed: ["CLAUDECODE"] }), HOST],
  ["nothing to remove", HOST, plan({}, { removed: ["CLAUDECODE"] }), undefined],
  [
    "the host's switches stay with the host",
    { ...HOST, NODE_OPTIONS: "--inspect", DEBUG: "1" },
    plan(),
    HOST,
  ],
  ["unless added", { ...HOST, DEBUG: "1" }, plan({ DEBUG: "x" }), { ...HOST, DEBUG: "x" }],
  [
    "an OAuth token drives out inherited credentials",
    { ...HOST, ANTHROPIC_API_KEY: "k", ANTHROPIC_AUTH_TOKEN: "a" },
    plan({ CLAUDE_CODE_OAUTH_TOKEN: "t" }),
    { ...HOST, CLAUDE_CODE_OAUTH_TOKEN: "t" },
  ],
  [
    "both may be added",
    { ...HOST, ANTHROPIC_API_KEY: "k" },
    plan({ CLAUDE_CODE_OAUTH_TOKEN: "t", ANTHROPIC_API_KEY: "mine" }),
    { ...HOST, CLAUDE_CODE_OAUTH_TOKEN: "t", ANTHROPIC_API_KEY: "mine" },
  ],
  ["inherited credentials stay without any added", { ...HOST, ANTHROPIC_API_KEY: "k" }, plan(), undefined],
];

for (const [title, host, what, expected] of ROWS) {
  compose(title, () => {
    const environment = composeEnvironment(host, what, "linux");
    assert.equal(environment === undefined ? undefined : { ...environment }, expected);
  });
}

compose("on Windows a name is the same in any case", () => {
  const environment = composeEnvironment({ Path: "C:\\a", x: "1" }, plan({ PATH: "C:\\b" }), "win32");
  assert.equal({ ...environment }, { PATH: "C:\\b", x: "1" });
  const elsewhere = composeEnvironment({ Path: "a", x: "1" }, plan({ PATH: "b" }), "linux");
  assert.equal({ ...elsewhere }, { PATH: "b", Path: "a", x: "1" });
});

compose.run();

const hidden = suite("hidden values");

hidden("no value shows when an environment is logged or stringified", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (variables) => {
      const marked = Object.fromEntries(
        Object.entries(variables).map(([k, v]) => [`N${k}`, `hush-${v}-hush`]),
      );
      const environment = hideValues(Object.entries(marked));
      for (const shown of [
        inspect(environment),
        inspect({ nested: environment }, { depth: 9, showHidden: true, customInspect: false }),
        JSON.stringify({ nested: environment }),
        String(environment),
      ]) {
        assert.not.match(shown, /hush-/);
      }
      assert.equal({ ...environment }, marked);
      assert.equal(structuredClone(environment), marked);
    }),
  );
});

hidden("a child process gets the values, also under coverage, where Node adds a variable of its own", () => {
  const spawnWith = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ["-p", "process.env.A"], { env, encoding: "utf8" }).stdout.trim();
  assert.is(spawnWith(hideValues([["A", "hush"]])), "hush");
  const coverage = process.env.NODE_V8_COVERAGE ?? mkdtempSync(join(tmpdir(), "launch-"));
  withHostEnv({ NODE_V8_COVERAGE: coverage }, () =>
    assert.is(spawnWith(hideValues([["A", "hush"]])), "hush"),
  );
  if (coverage !== process.env.NODE_V8_COVERAGE) rmSync(coverage, { recursive: true });
});

hidden.run();

const builder = suite("ClaudeCliBuilder: environment");

builder("inherits at the spawn unless something must change", () => {
  withHostEnv({ ...PLAIN_HOST, LAUNCH_TEST: "host" }, () => {
    assert.not.ok("env" in new ClaudeCliBuilder().build());
    const env = new ClaudeCliBuilder().env("A", "1").build().env;
    assert.is(env?.A, "1");
    assert.is(env?.LAUNCH_TEST, "host");
    assert.equal(
      { ...new ClaudeCliBuilder().env("A", "1").cleanEnv({ B: "2" }).env("C", "3").build().env },
      {
        A: "1",
        B: "2",
        C: "3",
      },
    );
  });
});

builder("the host's debugger does not reach the child, as the CLI would exit without a word", () => {
  withHostEnv({ ...PLAIN_HOST, NODE_OPTIONS: "--no-warnings", LAUNCH_TEST: "host" }, () => {
    const { env } = new ClaudeCliBuilder().build();
    assert.is(env?.LAUNCH_TEST, "host");
    assert.not.ok(env !== undefined && "NODE_OPTIONS" in env);
  });
});

builder("allowRecursion takes the marks of a surrounding session away, and can be undone", () => {
  withHostEnv({ ...PLAIN_HOST, CLAUDECODE: "1", CLAUDE_CODE_CHILD_SESSION: "1" }, () => {
    const { env } = new ClaudeCliBuilder().allowRecursion().build();
    assert.not.ok(env !== undefined && ("CLAUDECODE" in env || "CLAUDE_CODE_CHILD_SESSION" in env));
    assert.is(new ClaudeCliBuilder().allowRecursion().allowRecursion(false).build().env, undefined);
  });
});

builder("secrets go by environment only, and show nowhere", () => {
  const secrets = new ClaudeCliBuilder()
    .apiKey("sk-ant-api03-hush")
    .oauthToken("sk-ant-oat01-hush")
    .env("ANTHROPIC_AUTH_TOKEN", "hush")
    .env("OTHER", "hush")
    .prompt("p");
  const spec = secrets.build();
  assert.is(spec.env?.ANTHROPIC_API_KEY, "sk-ant-api03-hush");
  assert.is(spec.env?.CLAUDE_CODE_OAUTH_TOKEN, "sk-ant-oat01-hush");
  assert.not.match(spec.args.join("\n"), /hush/);
  for (const value of [
    secrets,
    spec,
    { nested: [secrets, spec] },
    spec.env,
    new Error("x", { cause: spec }),
  ]) {
    for (const shown of [
      inspect(value, { depth: 9 }),
      inspect(value, { depth: 9, showHidden: true, customInspect: false }),
      JSON.stringify(value),
      String(value),
    ]) {
      assert.not.match(shown, /hush/);
    }
  }
  assert.match(inspect(secrets), /ANTHROPIC_API_KEY: '\[redacted\]'/);
});

builder.run();
