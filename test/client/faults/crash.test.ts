import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ClaudeError,
  type ClientOptions,
  type ConnectionClosedError,
  SessionPool,
} from "../../../src/index.js";
import {
  assistant,
  crashMidFrame,
  emit,
  exit,
  init,
  kill,
  onUser,
  stderr,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  inTime,
  nodeProgram,
  open,
  openSpec,
  PATIENCE_MS,
  receiveToEnd,
  until,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

const midFrame = suite("a child that dies in the middle of a frame");

midFrame("has what it said before delivered; then its end is told with code and last words", async () => {
  const script = [
    emit({ type: "a" }),
    emit({ type: "b" }),
    stderr("it hurts\n"),
    crashMidFrame({ exitCode: 7 }),
  ];
  await using client = await open(script);
  const { entries, end } = await receiveToEnd(client);
  assert.equal(entries, [{ type: "a" }, { type: "b" }, "DESERIALIZATION"]);
  const closed = end as ConnectionClosedError;
  assert.equal([closed.exitCode, closed.signal, closed.stderrTail], [7, null, "it hurts\n"]);
  assert.match(closed.message, "7");
  assert.match(closed.message, "it hurts");
  assert.equal(await inTime("exited", client.exited), { exitCode: 7, signal: null });
  assert.not.ok(client.isAlive());
  assert.is(client.pid(), undefined);
});

midFrame("fails the query, and gives a stream what had come", async () => {
  const faults: string[] = [];
  const script = [onUser([init(), assistant("one"), crashMidFrame()])];
  const options: ClientOptions = { onFault: (fault) => faults.push(fault.code) };
  await using client = await open(script, options);
  const seen: string[] = [];
  const stream = await client.queryStream("x", PATIENCE);
  const error = await failure(
    "the stream",
    (async () => {
      for await (const message of stream) seen.push(message.type);
    })(),
  );
  assert.equal(seen, ["system", "assistant"]);
  assert.equal([error.code, ...faults], ["CONNECTION_CLOSED", "DESERIALIZATION"]);

  await using other = await open(script, options);
  assert.is((await failure("query()", other.query("x", PATIENCE))).code, "CONNECTION_CLOSED");
});

midFrame("at any size of the frame", async () => {
  for (const bytes of [1, 100, 70_000, 2_000_000]) {
    const half = `{"type":"half","text":"${"x".repeat(bytes)}`;
    await using client = await open([emit({ type: "a" }), emit(half), exit(1)]);
    const { entries, end } = await receiveToEnd(client);
    assert.equal(entries, [{ type: "a" }, "DESERIALIZATION"]);
    assert.is((end as ConnectionClosedError).exitCode, 1);
  }
});

midFrame("by a signal", async () => {
  await using client = await open([emit({ type: "a" }), emit('{"type":"half'), kill("SIGKILL")]);
  const { entries, end } = await receiveToEnd(client);
  assert.equal(entries, [{ type: "a" }, "DESERIALIZATION"]);
  const closed = end as ConnectionClosedError;
  assert.equal([closed.exitCode, closed.signal], [null, "SIGKILL"]);
  assert.equal(await client.exited, { exitCode: null, signal: "SIGKILL" });
});

midFrame.run();

const last = suite("a child that ends");

last("before any frame fails whatever is asked of it", async () => {
  for (const exitCode of [0, 3]) {
    await using client = await open([stderr("cannot start\n"), exit(exitCode)]);
    const closed = await failure<ConnectionClosedError>("receive()", client.receive());
    assert.equal([closed.code, closed.exitCode], ["CONNECTION_CLOSED", exitCode]);
    assert.is(closed.stderrTail, "cannot start\n");
    const asked = await failure<ConnectionClosedError>("query()", client.query("x"));
    assert.equal([asked.code, asked.exitCode], ["CONNECTION_CLOSED", exitCode]);
    assert.is(
      (
        await failure(
          "sessionUuid()",
          Promise.resolve().then(() => client.sessionUuid()),
        )
      ).code,
      "SESSION_NOT_INITIALIZED",
    );
  }
});

last("at once has all it wrote delivered, however much that was", async () => {
  const count = 2_000;
  const program = `
    const lines = Array.from({ length: ${count} }, (_, at) => JSON.stringify({ type: "n", at, pad: "x".repeat(500) }));
    require("node:fs").writeSync(2, "bye");
    process.stdout.write(lines.join("\\n"), () => process.exit(4));
  `;
  for (const highWaterMark of [undefined, 10_000]) {
    await using client = await openSpec(
      nodeProgram(program),
      highWaterMark === undefined ? {} : { highWaterMark },
    );
    // Nobody reads until long after the child could have ended.
    await sleep(700);
    const { entries, end } = await receiveToEnd(client);
    assert.is(entries.length, count);
    assert.ok(entries.every((entry, at) => typeof entry === "object" && entry.at === at));
    assert.is((end as ConnectionClosedError).exitCode, 4);
  }
});

// A shell says its line within a few milliseconds, long before a cold thread has loaded all of its code.
const posix = process.platform === "win32" ? last.skip : last;
const SAY = `echo '{"type":"first"}'; echo 'first words' >&2`;

for (const [name, rest] of [
  ["and lives", "cat >/dev/null"],
  ["and ends", "exit 5"],
]) {
  posix(`that speaks before its thread is ready ${name} loses nothing`, async () => {
    const spec = { command: "/bin/sh", args: ["-c", `${SAY}; ${rest}`], env: {} };
    const pool = new SessionPool({ threads: 1 });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        try {
          const client = await openSpec(spec, { pool });
          const { type } = await client.receive({ timeoutMs: 3_000 });
          await until("stderr", () => client.stats().stderrBytes > 0);
          return [type, client.stats().stderrBytes];
        } catch (error) {
          return [(error as ClaudeError).code, (error as ClaudeError).message.slice(0, 60)];
        }
      }),
    );
    await pool.close();
    assert.equal(
      outcomes,
      outcomes.map(() => ["first", "first words\n".length]),
    );
  });
}

last("has no more than the tail of its stderr in the error", async () => {
  await using client = await open([stderr({ bytes: 200_000 }), stderr("the very last words"), exit(1)]);
  const { end } = await receiveToEnd(client);
  const { stderrTail } = end as ConnectionClosedError;
  assert.ok(stderrTail.endsWith("the very last words"));
  assert.ok(stderrTail.length < 20_000);
});

last("while its stdout is held open by another process is told in time", async () => {
  const program = `
    const { spawn } = require("node:child_process");
    const heir = spawn(process.execPath, ["-e", "setTimeout(() => {}, 30000)"], { detached: true, stdio: ["ignore", "inherit", "inherit"] });
    process.stdout.write(JSON.stringify({ type: "heir", pid: heir.pid }) + "\\n", () => process.exit(6));
  `;
  await using client = await openSpec(nodeProgram(program));
  const { entries, end } = await inTime("the end", receiveToEnd(client));
  const [heir] = entries;
  assert.ok(typeof heir === "object");
  process.kill(Number(heir.pid), "SIGKILL");
  assert.is((end as ConnectionClosedError).exitCode, 6);
});

last.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
