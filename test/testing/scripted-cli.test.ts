import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";
import {
  assistant,
  bigFrame,
  type CliScript,
  type CliStep,
  closeStdout,
  controlError,
  crashMidFrame,
  echo,
  echoStdin,
  emit,
  exit,
  flood,
  frame,
  ignoreEof,
  ignoreSigterm,
  init,
  kill,
  lineEnding,
  onControl,
  onPrompt,
  onUser,
  requestHost,
  requestPermission,
  result,
  type ScriptedCliOptions,
  scriptedCli,
  silence,
  sleep,
  spawnGrandchild,
  stderr,
  stopReadingStdin,
  streamText,
  turn,
  writeInChunks,
} from "../../src/testing/index.js";
import {
  answer,
  ChildRun,
  control,
  type Ended,
  isRunning,
  kindsOf,
  type SeenFrame,
  user,
} from "./child-run.js";

/** Passes the coverage run on to the stand-in, whose environment is made from nothing. */
function measured(script: CliScript, options: ScriptedCliOptions): LaunchSpec {
  const folder = process.env.NODE_V8_COVERAGE;
  return scriptedCli(
    script,
    folder === undefined ? options : { ...options, env: { NODE_V8_COVERAGE: folder } },
  );
}

async function withStandIn(
  script: CliScript,
  use: (child: ChildRun) => Promise<void>,
  options: ScriptedCliOptions = {},
): Promise<void> {
  await using child = new ChildRun(measured(script, options));
  await use(child);
}

/** Sends messages, ends stdin and waits for the end. */
async function converse(script: CliScript, messages: readonly unknown[], options: ScriptedCliOptions = {}) {
  await using child = new ChildRun(measured(script, options));
  for (const message of messages) child.send(message);
  const ended = await child.end();
  return { ...ended, child, frames: child.frames, kinds: kindsOf(child.frames) };
}

async function endsWithin(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(pid) && performance.now() < deadline) await delay(20);
  return !isRunning(pid);
}

const isResult = (seen: SeenFrame) => seen.type === "result";
const resultsOf = (frames: readonly SeenFrame[]) => frames.filter(isResult).map((seen) => seen.result);
const OK: Ended = { exitCode: 0, signal: null };
const TURN = ["system/init", "assistant", "result/success"];

const defaults = suite("a stand-in without a script");

defaults("echoes prompts as whole turns with one session id, and exits 0 at EOF", async () => {
  const blocks = [{ type: "text", text: "two" }, { type: "image" }, { type: "text", text: "parts" }];
  const { frames, kinds, exitCode } = await converse([], [user("one"), user(blocks)]);
  assert.is(exitCode, 0);
  assert.equal(kinds, [...TURN, ...TURN]);
  assert.equal(resultsOf(frames), ["one", "two\nparts"]);
  assert.is(new Set(frames.map((seen) => seen.session_id)).size, 1);
  assert.is(new Set(frames.map((seen) => seen.uuid)).size, frames.length);
});

defaults("answers initialize, and refuses what it does not know", async () => {
  const { frames } = await converse([], [control("initialize"), control("set_model"), control("fly")]);
  const answers = frames.map(
    (seen) => seen.response as { subtype: string; request_id: string; error_code?: string },
  );
  assert.equal(
    answers.map(({ subtype, request_id, error_code }) => [subtype, request_id, error_code]),
    [
      ["success", "initialize", undefined],
      ["success", "set_model", undefined],
      ["error", "fly", "unsupported_request"],
    ],
  );
});

defaults("ignores blank lines, unknown types and answers to nobody", async () => {
  const stray = { type: "control_response", response: { subtype: "success", request_id: "?" } };
  const { kinds, exitCode } = await converse(
    [],
    ["", "null", "[]", { type: "keep_alive" }, stray, user("x")],
  );
  assert.equal(kinds, TURN);
  assert.is(exitCode, 0);
});

defaults("exits 1 on a line that is no JSON", async () => {
  await withStandIn([], async (child) => {
    child.send("nonsense");
    assert.equal(await child.ended, { exitCode: 1, signal: null });
    assert.match(child.stderr, "Error parsing streaming input line");
  });
});

defaults("/clear gives a fresh session", async () => {
  const { frames, kinds } = await converse([], [user("a"), user("/clear"), user("b")]);
  assert.equal(kinds, [...TURN, "conversation_reset", "system/init", "result/success", ...TURN]);
  const cleared = frames[5];
  assert.is(cleared?.num_turns, 0);
  assert.is(cleared?.session_id, frames[8]?.session_id);
  assert.is.not(cleared?.session_id, frames[0]?.session_id);
});

for (const [name, args, expected] of [
  ["--session-id", ["--session-id", "abc"], "abc"],
  ["--session-id=", ["--session-id=abc"], "abc"],
  ["--resume", ["--resume", "abc"], "abc"],
  ["--resume=", ["--resume=abc"], "abc"],
  ["-r", ["-r", "abc"], "abc"],
  ["a fork", ["--resume=abc", "--fork-session"], undefined],
  ["a fork with an id", ["--resume=abc", "--fork-session", "--session-id=def"], "def"],
] as const) {
  defaults(`${name} decides the session id`, async () => {
    const { frames } = await converse([], [user("x")], { args });
    if (expected === undefined) assert.is.not(frames[0]?.session_id, "abc");
    else assert.is(frames[0]?.session_id, expected);
  });
}

defaults("the sessionId option is told to the child and by the spec", async () => {
  assert.is(scriptedCli([], { sessionId: "abc" }).sessionId, "abc");
  const { frames } = await converse([], [user("x")], { sessionId: "abc" });
  assert.is(frames[0]?.session_id, "abc");
});

defaults("--version tells a version", async () => {
  for (const [version, expected] of [
    [undefined, /^2\.1\.\d+ \(Claude Code\)\n$/],
    ["9.9.9", /^9\.9\.9 /],
  ] as const) {
    const { child } = await converse([], [], {
      args: ["--version"],
      ...(version === undefined ? {} : { version }),
    });
    assert.match(child.stdout.toString(), expected);
  }
});

defaults("exits 143 on SIGTERM and 0 on SIGINT", async () => {
  for (const [signal, exitCode] of [
    ["SIGTERM", 143],
    ["SIGINT", 0],
  ] as const) {
    await withStandIn([emit({ type: "ready" })], async (child) => {
      await child.frame((seen) => seen.type === "ready");
      child.kill(signal);
      assert.equal(await child.ended, { exitCode, signal: null });
    });
  }
});

defaults("finishes the running turn after EOF", async () => {
  const { frames, exitCode } = await converse([onUser(turn(sleep(100), "late"))], [user("x")]);
  assert.is(exitCode, 0);
  assert.equal(resultsOf(frames), ["late"]);
});

defaults("has an environment made from nothing", () => {
  process.env.SECRET_OF_THE_HOST = "x";
  const { env } = scriptedCli([], { env: { MINE: "1" } });
  delete process.env.SECRET_OF_THE_HOST;
  assert.equal(env, { PATH: process.env.PATH, MINE: "1" });
});

defaults.run();

const turns = suite("turns");

turns("replies are taken in order, the last one repeats", async () => {
  const { frames } = await converse([onUser("one", turn("two"))], [user("a"), user("b"), user("c")]);
  assert.equal(resultsOf(frames), ["one", "two", "two"]);
});

turns("the first rule that fits answers; /clear stays what it is unless a rule names it", async () => {
  const general = onUser(turn(echo()));
  const { frames } = await converse(
    [onPrompt("red", "stop"), general],
    [user("a red light"), user("/clear"), user("go")],
  );
  assert.equal(resultsOf(frames), ["stop", "", "go"]);
  const named = await converse([onPrompt("/clear", "no way")], [user("/clear")]);
  assert.equal(resultsOf(named.frames), ["no way"]);
});

turns("can be built from single frames", async () => {
  const blocks = [{ type: "text", text: "block" }];
  const steps = [
    init(),
    assistant(blocks),
    frame({ type: "brand_new" }),
    result({ subtype: "error_max_turns", is_error: true }),
  ];
  const { kinds, frames } = await converse([onUser(steps)], [user("x")]);
  assert.equal(kinds, ["system/init", "assistant", "brand_new", "result/error_max_turns"]);
  assert.is(frames[2]?.session_id, frames[0]?.session_id);
});

turns("streamText sends deltas, then the whole text", async () => {
  const { kinds, frames } = await converse(
    [onUser(turn(streamText("abcdef", { chunkSize: 4 })))],
    [user("x")],
  );
  const deltas = frames.flatMap((seen) => {
    const event = seen.event as { delta?: { text?: string } } | undefined;
    return event?.delta?.text ?? [];
  });
  assert.equal(deltas, ["abcd", "ef"]);
  assert.is(kinds.filter((kind) => kind === "assistant").length, 1);
  assert.equal(resultsOf(frames), ["abcdef"]);
});

turns("an interrupt ends the turn as the real CLI does", async () => {
  await withStandIn([onUser(turn("started", sleep(30_000), "never"), "next")], async (child) => {
    child.send(user("x"));
    await child.frame((seen) => seen.type === "assistant");
    child.send(control("interrupt"));
    await child.frame(isResult);
    assert.equal(kindsOf(child.frames).slice(2), [
      "control_response",
      "user",
      "result/error_during_execution",
    ]);
    child.send(user("y"));
    await child.frame((seen) => seen.result === "next");
    child.send(control("interrupt"));
    assert.equal(await child.end(), OK);
  });
});

turns("after an interrupted last turn the exit code is 1", async () => {
  await withStandIn([onUser(turn(sleep(30_000)))], async (child) => {
    child.send(user("x"));
    await child.frame((seen) => seen.subtype === "init");
    child.send(control("interrupt"));
    await child.frame(isResult);
    assert.equal(await child.end(), { exitCode: 1, signal: null });
  });
});

turns("a flood can be interrupted", async () => {
  await withStandIn([onUser(turn(flood({ count: 1_000_000, bytes: 1_000 })))], async (child) => {
    child.send(user("x"));
    await child.frame((seen) => seen.type === "assistant");
    child.send(control("interrupt"));
    await child.frame((seen) => seen.subtype === "error_during_execution");
    assert.not.match(child.stderr, "flood-done");
  });
});

turns.run();

const controls = suite("control requests");

controls("answers can be scripted: payload, error, silence, delay", async () => {
  const script = [
    onControl("initialize", { commands: ["mine"] }),
    onControl("set_model", controlError("no such model", "not_found")),
    onControl("mcp_status", "ignore"),
    onControl("slow", { late: true }, { delayMs: 100 }),
  ];
  await withStandIn(script, async (child) => {
    for (const subtype of ["slow", "mcp_status", "initialize", "set_model"]) child.send(control(subtype));
    await child.frame((seen) => JSON.stringify(seen).includes("late"));
    assert.equal(
      child.frames.map((seen) => seen.response),
      [
        { subtype: "success", request_id: "initialize", response: { commands: ["mine"] } },
        { subtype: "error", request_id: "set_model", error: "no such model", error_code: "not_found" },
        { subtype: "success", request_id: "slow", response: { late: true } },
      ],
    );
  });
});

controls("an ignored interrupt leaves the turn running", async () => {
  const script = [onControl("interrupt", "ignore"), onUser(turn(sleep(100), "finished"))];
  const { frames } = await converse(script, [user("x"), control("interrupt")]);
  assert.equal(resultsOf(frames), ["finished"]);
});

const PERMISSIONS: readonly [string, unknown, (frames: readonly SeenFrame[]) => void][] = [
  [
    "allowed",
    { behavior: "allow" },
    (frames) => assert.match(JSON.stringify(frames), 'Bash ran with {\\"command\\":\\"ls\\"}'),
  ],
  [
    "allowed with another input",
    { behavior: "allow", updatedInput: { command: "pwd" } },
    (frames) => assert.match(JSON.stringify(frames), 'Bash ran with {\\"command\\":\\"pwd\\"}'),
  ],
  [
    "denied",
    { behavior: "deny", message: "not today" },
    (frames) => {
      assert.match(JSON.stringify(frames), '"content":"not today","is_error":true');
      assert.match(JSON.stringify(frames.find(isResult)?.permission_denials), '[{"tool_name":"Bash"');
      assert.equal(resultsOf(frames), ["after"]);
    },
  ],
  [
    "denied with interrupt",
    { behavior: "deny", message: "stop it", interrupt: true },
    (frames) => {
      assert.match(JSON.stringify(frames), "[Request interrupted by user for tool use]");
      assert.is(frames.find(isResult)?.subtype, "error_during_execution");
    },
  ],
];
for (const [name, response, check] of PERMISSIONS) {
  controls(`a tool call that is ${name}`, async () => {
    const ask = requestPermission(
      "Bash",
      { command: "ls" },
      { toolUseId: "t1", fields: { blocked_path: "/x" } },
    );
    await withStandIn([onUser(turn(ask, "after"))], async (child) => {
      child.send(user("x"));
      const request = await child.frame((seen) => seen.type === "control_request");
      assert.equal(request.request, {
        subtype: "can_use_tool",
        tool_name: "Bash",
        display_name: "Bash",
        input: { command: "ls" },
        permission_suggestions: [
          {
            type: "addRules",
            rules: [{ toolName: "Bash" }],
            behavior: "allow",
            destination: "localSettings",
          },
        ],
        tool_use_id: "t1",
        blocked_path: "/x",
      });
      child.send(answer(request, response));
      await child.frame(isResult);
      check(child.frames);
    });
  });
}

controls("the script says how it goes on after the answer", async () => {
  for (const behavior of ["allow", "deny"]) {
    const options = { onAllow: [assistant("allow")], onDeny: [assistant("deny")] };
    await withStandIn([onUser(turn(requestPermission("Bash", {}, options)))], async (child) => {
      child.send(user("x"));
      child.send(answer(await child.frame((seen) => seen.type === "control_request"), { behavior }));
      assert.is((await child.frame(isResult)).result, behavior);
    });
  }
});

controls("an interrupt withdraws the question", async () => {
  await withStandIn([onUser(turn(requestPermission("Bash", {})))], async (child) => {
    child.send(user("x"));
    const request = await child.frame((seen) => seen.type === "control_request");
    child.send(control("interrupt"));
    await child.frame(isResult);
    const after = child.frames.slice(child.frames.indexOf(request) + 1);
    assert.equal(kindsOf(after), [
      "control_cancel_request",
      "control_response",
      "user",
      "result/error_during_execution",
    ]);
    assert.is(after[0]?.request_id, request.request_id);
  });
});

controls("the end of stdin answers what is open", async () => {
  const { frames, exitCode } = await converse(
    [onUser(turn(requestPermission("Bash", {}), "went on"))],
    [user("x")],
  );
  assert.is(exitCode, 0);
  assert.match(JSON.stringify(frames), "the host has closed stdin");
});

controls("any other request reports its answer", async () => {
  await withStandIn([requestHost("hook_callback", { callback_id: "hook_0" })], async (child) => {
    const request = await child.frame((seen) => seen.type === "control_request");
    assert.equal(request.request, { subtype: "hook_callback", callback_id: "hook_0" });
    child.send(answer(request, { continue: true }));
    const seen = await child.frame((each) => each.subtype === "scripted_answer");
    assert.equal(seen.response, { ok: true, response: { continue: true } });
  });
});

controls.run();

const bytes = suite("bytes");

const MALFORMED = [
  "no json\n",
  "\u001b[31m{}\u001b[0m\n",
  "\ufeff{}\n",
  "null\n[]\n1\n",
  `${"[".repeat(5_000)}${"]".repeat(5_000)}\n`,
  '{"text":"\\ud800"}\n',
  "\0\0\n",
  '{"a":1,"a":2,"__proto__":{"b":1}}\n',
  "\r\n\n \n",
  "no line feed at the end 🚀",
];
bytes("text and bytes are written exactly as they are, frames as lines", async () => {
  const raw = Buffer.from([0xff, 0xfe, 0x00, 0xc3]);
  const { child } = await converse(
    [...MALFORMED.map(emit), emit(raw), emit({ a: 1 }), emit(null), emit([1])],
    [],
  );
  const expected = Buffer.concat([Buffer.from(MALFORMED.join("")), raw, Buffer.from('{"a":1}\nnull\n[1]\n')]);
  assert.equal(child.stdout, expected);
  assert.throws(() => emit(undefined), /not JSON/);
});

bytes("any text survives the way to the program, whatever its size", async () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join("");
  // The last is so long that the script goes through a file.
  for (const text of [units.slice(0, 0x800), units, "ä".repeat(60_000), "🚀ß".repeat(50_000)]) {
    const { child } = await converse([emit(text)], []);
    assert.ok(child.stdout.equals(Buffer.from(text)), "stdout differs");
  }
});

bytes("a script in a file leaves nothing behind, launched or not", async () => {
  // A process of its own, since what is left is removed when the process ends.
  const host = `
    const { emit, scriptedCli } = await import(${JSON.stringify(new URL("../../src/testing/index.js", import.meta.url))});
    const { spawnSync } = await import("node:child_process");
    const [launched] = [1, 2].map(() => scriptedCli([emit("x".repeat(1_000_000))]));
    const { stdout } = spawnSync(launched.command, launched.args, { env: launched.env });
    process.stdout.write(String(stdout.length));`;
  const folder = mkdtempSync(join(tmpdir(), "script-file-"));
  try {
    const args = ["--input-type=module", "-e", host];
    await using child = new ChildRun({ command: process.execPath, args, env: { TMPDIR: folder } });
    assert.equal(await child.end(), OK);
    assert.is(child.stdout.toString(), "1000000");
    assert.equal(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

bytes("writeInChunks cuts everywhere, lineEnding ends lines", async () => {
  const whole = await converse([emit({ text: "grüße 🚀" })], []);
  const { child } = await converse(
    [writeInChunks(3, { pauseMs: 20 }), lineEnding("\r\n"), emit({ text: "grüße 🚀" })],
    [],
  );
  assert.is(child.stdout.toString(), whole.child.stdout.toString().replace("\n", "\r\n"));
  assert.ok(child.chunkSizes.length > 3, `it came in ${child.chunkSizes.length} chunks`);
});

bytes("flood writes all of its frames and reports the time", async () => {
  for (const kind of ["text", "structured", "stream_event"] as const) {
    const { child, frames, exitCode } = await converse([flood({ count: 500, bytes: 2_000, kind })], []);
    assert.is(exitCode, 0);
    assert.is(child.stdout.length, 1_000_000);
    assert.is(frames.length, 500);
    assert.match(child.stderr, /^flood-done \d+\n$/);
  }
});

bytes("flood waits for its reader", async () => {
  await using child = new ChildRun(scriptedCli([flood({ count: 100, bytes: 100_000 })]), {
    readStdout: false,
  });
  await delay(300);
  assert.not.match(child.stderr, "flood-done");
  assert.ok(isRunning(child.pid));
});

bytes("bigFrame makes one frame of 32 MiB", async () => {
  const size = 32 * 1024 * 1024;
  const { child } = await converse([bigFrame({ bytes: size, kind: "structured" })], []);
  assert.is(child.stdout.length, size);
  assert.is(child.frames.length, 1);
  assert.throws(() => bigFrame({ bytes: 200 * 1024 * 1024 }), /128 MiB/);
});

bytes("stderr takes a text or a flood", async () => {
  const { child } = await converse([stderr("a warning\n"), stderr({ bytes: 300_000 })], []);
  assert.match(child.stderr, /^a warning\n/);
  assert.ok(child.stderr.length >= 300_000);
});

bytes("echoStdin reports what came in", async () => {
  const message = user("hello");
  const { frames } = await converse([echoStdin()], [message]);
  assert.is(frames[0]?.line, JSON.stringify(message));
});

bytes.run();

const endings = suite("endings");

const ENDS: readonly [string, CliStep, Ended, RegExp][] = [
  ["exit", exit(7), { exitCode: 7, signal: null }, /result\/success$/],
  ["kill", kill(), { exitCode: null, signal: "SIGKILL" }, /result\/success$/],
  ["kill by SIGTERM", kill("SIGTERM"), { exitCode: null, signal: "SIGTERM" }, /result\/success$/],
  ["crashMidFrame", crashMidFrame(), { exitCode: 1, signal: null }, /result\/success$/],
];
for (const [name, step, expected, kinds] of ENDS) {
  endings(`${name} ends the process after all that was written before`, async () => {
    await withStandIn([onUser([turn("last words"), step])], async (child) => {
      child.send(user("x"));
      assert.equal(await child.ended, expected);
      assert.match(kindsOf(child.frames).join(" "), kinds);
      assert.is(child.unfinishedLine.startsWith('{"type":"assistant"'), name === "crashMidFrame");
    });
  });
}

endings("ignoreEof and ignoreSigterm keep it alive until it is killed", async () => {
  await withStandIn([ignoreEof(), ignoreSigterm(), emit({ type: "ready" })], async (child) => {
    await child.frame((seen) => seen.type === "ready");
    const ended = child.end();
    child.kill("SIGTERM");
    assert.is(await Promise.race([ended, delay(300)]), undefined);
    child.kill("SIGKILL");
    assert.equal(await ended, { exitCode: null, signal: "SIGKILL" });
  });
});

endings("the lifetime limit ends whatever ignores everything", async () => {
  const script = [ignoreEof(), ignoreSigterm(), stopReadingStdin(), silence()];
  const { exitCode, child } = await converse(script, [], { lifetimeMs: 300 });
  assert.is(exitCode, 124);
  assert.match(child.stderr, "lifetime limit of 300 ms");
});

endings("silence answers nothing, and ends at EOF", async () => {
  await withStandIn([silence()], async (child) => {
    child.send(user("x"));
    child.send(control("initialize"));
    await delay(200);
    assert.equal(child.frames, []);
    assert.equal(await child.end(), OK);
  });
});

endings("silence in the middle of a turn leaves it unfinished", async () => {
  const { kinds } = await converse([onUser(turn("half", silence(), "never"))], [user("x")]);
  assert.equal(
    kinds.filter((kind) => kind !== "control_response"),
    ["system/init", "assistant"],
  );
});

endings("stopReadingStdin lets the host's writes pile up", async () => {
  await withStandIn([stopReadingStdin(), emit({ type: "ready" })], async (child) => {
    await child.frame((seen) => seen.type === "ready");
    for (let megabyte = 0; megabyte < 4; megabyte += 1) child.send(user("x".repeat(1_000_000)));
    await delay(200);
    assert.ok(child.unwrittenBytes > 2_000_000);
    assert.equal(kindsOf(child.frames), ["ready"]);
  });
});

endings("closeStdout ends stdout and leaves the process alive", async () => {
  await withStandIn([emit({ type: "bye" }), closeStdout(), stderr("closed\n")], async (child) => {
    await child.stderrWith("closed");
    assert.equal(kindsOf(child.frames), ["bye"]);
    child.send(user("into the void"));
    assert.equal(await child.end(), OK);
  });
});

endings("a host that closes its end of stdout ends the stand-in", async () => {
  await withStandIn([ignoreEof(), flood({ count: 1_000_000, bytes: 1_000 })], async (child) => {
    await child.frame((seen) => seen.type === "assistant");
    child.closeStdout();
    assert.is((await child.ended).exitCode, 1);
  });
});

endings("a grandchild has a process group of its own and outlives its parent", async () => {
  for (const ignoresSigterm of [false, true]) {
    const script = [spawnGrandchild({ ignoreSigterm: ignoresSigterm })];
    await withStandIn(script, async (child) => {
      const { pid } = await child.frame((seen) => seen.subtype === "scripted_grandchild");
      const grandchild = Number(pid);
      child.kill("SIGKILL");
      await child.ended;
      try {
        assert.ok(isRunning(grandchild));
        process.kill(-grandchild, "SIGTERM");
        assert.is(await endsWithin(grandchild, ignoresSigterm ? 200 : 10_000), !ignoresSigterm);
      } finally {
        if (isRunning(grandchild)) process.kill(grandchild, "SIGKILL");
      }
    });
  }
});

endings("a grandchild ends by itself at the lifetime limit", async () => {
  const { frames } = await converse([spawnGrandchild()], [], { lifetimeMs: 500 });
  const pid = Number(frames[0]?.pid);
  assert.ok(await endsWithin(pid, 10_000));
});

endings("steps and options with impossible values are refused", () => {
  const refused: (() => unknown)[] = [
    () => flood({ count: -1, bytes: 10 }),
    () => flood({ count: 1, bytes: 0.5 }),
    () => writeInChunks(0),
    () => onUser(),
    () => scriptedCli([], { lifetimeMs: 0 }),
    () => scriptedCli([], { lifetimeMs: 2 ** 31 }),
  ];
  for (const make of refused)
    assert.throws(make, (error: { code?: string }) => error.code === "INVALID_ARGUMENT");
});

endings.run();
