import { HOOK_EVENTS as PUBLISHED_EVENTS } from "@anthropic-ai/claude-agent-sdk";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HookTable, mergeRegistrations } from "../../src/hooks/hook-table.js";
import type { Hooks } from "../../src/hooks/hooks.js";
import { HOOK_EVENTS, type HookCallbackRequest, hookInputSchemas } from "../../src/protocol/index.js";
import { check } from "../../src/protocol/validation.js";
import { rejects } from "../support/rejects.js";

const table = suite("hook table");

const NEVER = new AbortController().signal;

const call = (callback_id: string, input: object = {}): HookCallbackRequest => ({
  subtype: "hook_callback",
  callback_id,
  input: { hook_event_name: "Stop", ...input } as HookCallbackRequest["input"],
  tool_use_id: "toolu_1",
});

table("registers each handler under an id of its own, times in seconds", () => {
  const nothing = () => undefined;
  const { registration } = new HookTable(
    {
      PreToolUse: [
        nothing,
        { handler: nothing, matcher: "Write|Edit", timeoutMs: 1_500, onFailure: "block" },
      ],
      Stop: nothing,
      PreCompact: { handler: nothing, onFailure: "continue" },
    },
    "p-",
  );
  assert.equal(registration, {
    PreToolUse: [
      { hookCallbackIds: ["p-0"], timeout: 61, onFailure: "block" },
      { hookCallbackIds: ["p-1"], timeout: 3, matcher: "Write|Edit", onFailure: "block" },
    ],
    Stop: [{ hookCallbackIds: ["p-2"], timeout: 61 }],
    PreCompact: [{ hookCallbackIds: ["p-3"], timeout: 61 }],
  });
});

table("calls the handler with input, tool call and a signal that follows the caller's", async () => {
  const caller = new AbortController();
  let told: unknown[] = [];
  const hooks = new HookTable(
    {
      Stop: (input, context) => {
        told = [input.hook_event_name, context.toolUseId];
        caller.abort();
        assert.ok(context.signal.aborted);
        return { decision: "block", reason: "go on" };
      },
    },
    "p-",
  );
  assert.equal(await hooks.call(call("p-0"), caller.signal), { decision: "block", reason: "go on" });
  assert.equal(told, ["Stop", "toolu_1"]);
});

table("a handler without an answer changes nothing", async () => {
  const hooks = new HookTable({ Stop: () => {} }, "p-");
  assert.equal(await hooks.call(call("p-0"), NEVER), {});
});

const failing: readonly [what: string, handler: () => unknown, code: string | undefined][] = [
  ["throws", () => assert.unreachable("on purpose"), undefined],
  ["rejects", () => Promise.reject(new Error("on purpose")), undefined],
  ["never settles", () => new Promise(() => {}), "TIMEOUT"],
  ["answers a string", () => "yes", "INVALID_ARGUMENT"],
  ["answers a wrong field", () => ({ continue: "no" }), "INVALID_ARGUMENT"],
];
for (const [what, handler, code] of failing) {
  table(`one that ${what} has failed`, async () => {
    const entry = { handler: handler as () => undefined, timeoutMs: 30 };
    const hooks = new HookTable({ Stop: entry, PreToolUse: entry, Setup: [] }, "p-");
    const error = await rejects<Error & { code?: string }>(hooks.call(call("p-0"), NEVER));
    if (code !== undefined) assert.is(error.code, code);
    const denied = await hooks.call(call("p-1"), NEVER);
    assert.is(denied.hookSpecificOutput?.permissionDecision, "deny");
    assert.match(String(denied.hookSpecificOutput?.permissionDecisionReason), "hook of the host failed");
  });

  table(`one of PreToolUse that ${what} lets the tool go ahead when it is told to`, async () => {
    const entry = { handler: handler as () => undefined, timeoutMs: 30, onFailure: "continue" } as const;
    const hooks = new HookTable({ PreToolUse: entry }, "p-");
    await rejects(hooks.call(call("p-0"), NEVER));
  });
}

table("a part for the event names it, whether or not the handler has done so", async () => {
  const denial = { permissionDecision: "deny", permissionDecisionReason: "no" };
  const unnamed = (() => ({ hookSpecificOutput: denial })) as unknown as () => undefined;
  const hooks = new HookTable(
    { PreToolUse: unnamed, Stop: () => ({ hookSpecificOutput: null }) as never },
    "p-",
  );
  assert.equal(await hooks.call(call("p-0"), NEVER), {
    hookSpecificOutput: { hookEventName: "PreToolUse", ...denial },
  });
  assert.equal(await hooks.call(call("p-1"), NEVER), { hookSpecificOutput: null });
});

table("a part for another event has failed", async () => {
  const other = (() => ({
    hookSpecificOutput: { hookEventName: "PostToolUse" },
  })) as unknown as () => undefined;
  const hooks = new HookTable({ Stop: other, PreToolUse: other }, "p-");
  const error = await rejects<Error & { code?: string }>(hooks.call(call("p-0"), NEVER));
  assert.is(error.code, "INVALID_ARGUMENT");
  assert.match(error.message, 'must be "Stop"');
  const denied = await hooks.call(call("p-1"), NEVER);
  assert.is(denied.hookSpecificOutput?.permissionDecision, "deny");
});

for (const [matcher, fits] of [
  ["", true],
  ["*", true],
  ["Write|Edit", true],
  ["mcp__db__.*", true],
  ["(", false],
  ["*Bash", false],
] as const) {
  table(
    `the matcher ${JSON.stringify(matcher)} is ${fits ? "taken" : "refused: it would match nothing"}`,
    () => {
      const build = () => new HookTable({ PreToolUse: { matcher, handler: () => {} } }, "p-");
      if (fits) assert.is(build().registration.PreToolUse?.[0]?.matcher, matcher);
      else assert.throws(build, /PreToolUse would match nothing/);
    },
  );
}

for (const event of ["preToolUse", "PreToolUze", "constructor"]) {
  table(`${event} is no event, so a guard there would never be called`, () => {
    assert.throws(
      () => new HookTable({ [event]: () => {} } as Hooks, "p-"),
      (error: { code?: string; message: string }) =>
        error.code === "INVALID_ARGUMENT" && /PreToolUse, PostToolUse/.test(error.message),
    );
  });
}

table("an id that is not registered is nobody's", async () => {
  const error = await rejects<{ code?: string }>(new HookTable({}, "p-").call(call("p-0"), NEVER));
  assert.is(error.code, "INVALID_ARGUMENT");
});

for (const [what, hooks] of [
  ["a handler that is none", { Stop: "no" }],
  ["an entry without handler", { Stop: [{ matcher: "Bash" }] }],
  ["a matcher that is no string", { Stop: { handler: () => {}, matcher: /x/ } }],
  ["an impossible time", { Stop: { handler: () => {}, timeoutMs: -1 } }],
  ["an unknown onFailure", { Stop: { handler: () => {}, onFailure: "stop" } }],
] as const) {
  table(`${what} is refused`, () => {
    assert.throws(
      () => new HookTable(hooks as unknown as Hooks, "p-"),
      (error: { code?: string; message: string }) =>
        error.code === "INVALID_ARGUMENT" && /Stop/.test(error.message),
    );
  });
}

table("a guard that may fail is registered without a block", () => {
  const { registration } = new HookTable({ PreToolUse: { handler: () => {}, onFailure: "continue" } }, "p-");
  assert.equal(registration.PreToolUse, [{ hookCallbackIds: ["p-0"], timeout: 61 }]);
});

table("two registrations become one, event by event", () => {
  const one = { Stop: [{ hookCallbackIds: ["a"] }] };
  const two = { Stop: [{ hookCallbackIds: ["b"] }], Setup: [{ hookCallbackIds: ["c"] }] };
  assert.equal(mergeRegistrations(one, two), {
    Stop: [{ hookCallbackIds: ["a"] }, { hookCallbackIds: ["b"] }],
    Setup: [{ hookCallbackIds: ["c"] }],
  });
});

table("knows the events that are published", () => {
  assert.equal([...HOOK_EVENTS].sort(), [...PUBLISHED_EVENTS].sort());
});

table("an input that lacks what it is about does not fit, one with more does", () => {
  assert.is.not(
    check(hookInputSchemas.PreToolUse, { hook_event_name: "PreToolUse", tool_input: {} }).length,
    0,
  );
  assert.equal(
    check(hookInputSchemas.PreToolUse, {
      hook_event_name: "PreToolUse",
      tool_name: "x",
      tool_input: 1,
      more: 2,
    }),
    [],
  );
});

table.run();
