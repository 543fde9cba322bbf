import { getEventListeners } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  AsyncClient,
  type BinaryNotFoundError,
  type ClientOptions,
  type LaunchSpec,
  SessionPool,
  type SessionPoolOptions,
  type SpawnError,
} from "../../../src/index.js";
import { emit, ignoreEof, onUser, sleep as pause, scriptedCli } from "../../../src/testing/index.js";
import {
  assertEnds,
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  isRunning,
  marked,
  open,
  PATIENCE_MS,
  until,
} from "../../support/scripted.js";

const folder = mkdtempSync(join(tmpdir(), "opening-test-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const spec = (command: string, fields: Partial<LaunchSpec> = {}): LaunchSpec =>
  marked({ command, args: [], env: { PATH: process.env.PATH ?? "" }, ...fields });

const commands = suite("a command that cannot be started");

commands("because it does not exist is BINARY_NOT_FOUND, and says where it was looked for", async () => {
  const missing = join(folder, "missing");
  const error = await failure<BinaryNotFoundError>("spawn()", AsyncClient.spawn(spec(missing)));
  assert.equal([error.code, error.binary, error.searched], ["BINARY_NOT_FOUND", missing, [missing]]);
  assert.match(error.message, missing);

  const name = "offthread-test-no-such-command";
  const unnamed = await failure<BinaryNotFoundError>("spawn()", AsyncClient.spawn(spec(name)));
  assert.equal([unnamed.code, unnamed.binary], ["BINARY_NOT_FOUND", name]);
  assert.ok(unnamed.searched.length > 0);
});

commands("because it may not be executed, or is no program, is SPAWN_FAILED", async () => {
  const script = join(folder, "script");
  writeFileSync(script, "#!/bin/sh\n");
  chmodSync(script, 0o644);
  const notExecutable = await failure<SpawnError>("spawn()", AsyncClient.spawn(spec(script)));
  assert.equal([notExecutable.code, notExecutable.errno], ["SPAWN_FAILED", "EACCES"]);
  assert.equal([(await failure("spawn()", AsyncClient.spawn(spec(folder)))).code], ["SPAWN_FAILED"]);
});

commands("because its interpreter is missing is SPAWN_FAILED, and names both", async () => {
  const orphan = join(folder, "orphan");
  writeFileSync(orphan, "#!/no/such/interpreter\n", { mode: 0o755 });
  const error = await failure<SpawnError>("spawn()", AsyncClient.spawn(spec(orphan)));
  assert.equal([error.code, error.errno, error.command], ["SPAWN_FAILED", "ENOENT", orphan]);
  assert.match(error.message, "/no/such/interpreter");
});

commands("because of its format ends with an error that says so", async () => {
  const garbage = join(folder, "garbage");
  writeFileSync(garbage, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]), { mode: 0o755 });
  const opened = AsyncClient.spawn(spec(garbage), { spawnTimeoutMs: PATIENCE_MS }).then(async (client) => {
    // Where a helper starts the command for us, the failure shows as the child's end.
    await client.receive();
  });
  const error = await failure("spawn()", opened);
  assert.ok(["SPAWN_FAILED", "CONNECTION_CLOSED"].includes(error.code), error.code);
  assert.match(error.message, "garbage");
});

commands("because of its working directory is SPAWN_FAILED, and names the directory", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const cwd of [join(folder, "nowhere"), file]) {
    const error = await failure<SpawnError>("spawn()", AsyncClient.spawn(spec(process.execPath, { cwd })));
    assert.is(error.code, "SPAWN_FAILED");
    assert.match(error.message, cwd);
  }
});

commands("because its arguments are too long for the system is SPAWN_FAILED", async () => {
  const args = ["-e", "0", "x".repeat(3_000_000)];
  const error = await failure<SpawnError>("spawn()", AsyncClient.spawn(spec(process.execPath, { args })));
  assert.equal([error.code, error.errno], ["SPAWN_FAILED", "E2BIG"]);
});

commands("leaves nothing open in its pool", async () => {
  const pool = new SessionPool({ threads: 1 });
  const args = ["-e", "0", "x".repeat(3_000_000)];
  await failure("spawn()", AsyncClient.spawn(spec(process.execPath, { args }), { pool }));
  await until("the end of the session", () => pool.stats().openSessions === 0);
  await using client = await open([], { pool });
  assert.is((await client.query("x", { timeoutMs: PATIENCE_MS })).length, 3);
  await pool.close();
});

commands.run();

const refused = suite("an impossible option");

const LIMITS: readonly ClientOptions[] = [
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].map((highWaterMark) => ({ highWaterMark })),
  ...[0, -1, 1.5, Number.NaN, 2 ** 29, 2 ** 31].map((maxFrameBytes) => ({ maxFrameBytes })),
  ...[-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31].flatMap((ms) => [
    { requestTimeoutMs: ms },
    { spawnTimeoutMs: ms },
    { shutdown: { graceMs: ms } },
    { shutdown: { termMs: ms } },
  ]),
];

refused("of a client is INVALID_ARGUMENT, named in the message, before anything starts", async () => {
  const pool = new SessionPool({ threads: 1 });
  for (const options of LIMITS) {
    const error = await failure("spawn()", AsyncClient.spawn(scriptedCli(), { ...options, pool }));
    const [name = ""] = Object.keys(options);
    assert.is(error.code, "INVALID_ARGUMENT", JSON.stringify(options));
    assert.match(error.message, name);
    assert.equal(pool.stats(), { threads: 0, openSessions: 0, waitingSessions: 0 });
  }
  await pool.close();
});

const SPECS: readonly Partial<Record<keyof LaunchSpec, unknown>>[] = [
  { command: "" },
  { command: "a\0b" },
  { command: 7 },
  { args: "x" },
  { args: [7] },
  { args: ["a\0b"] },
  { cwd: "a\0b" },
  { env: { "A=B": "x" } },
  { env: { A: "x\0" } },
  { env: { A: 7 } },
];

refused("of a launch spec is INVALID_ARGUMENT", async () => {
  for (const fields of SPECS) {
    const broken = { ...scriptedCli(), ...fields } as LaunchSpec;
    assert.is(
      await failureCode("spawn()", AsyncClient.spawn(broken)),
      "INVALID_ARGUMENT",
      JSON.stringify(fields),
    );
  }
});

const POOLS: readonly SessionPoolOptions[] = [
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].flatMap((count) => [
    { threads: count },
    { sessionsPerThread: count },
  ]),
  ...[-1, 0.5, Number.NaN].map((idleTimeoutMs) => ({ idleTimeoutMs })),
];

refused("of a pool is INVALID_ARGUMENT", () => {
  for (const options of POOLS) {
    let code: unknown;
    try {
      new SessionPool(options);
    } catch (error) {
      code = (error as { code?: unknown }).code ?? error;
    }
    assert.is(code, "INVALID_ARGUMENT", `${Object.entries(options)}`);
  }
});

refused.run();

const signals = suite("the option signal");

signals("that is aborted already starts nothing", async () => {
  const pool = new SessionPool({ threads: 1 });
  const reason = new Error("no need");
  const error = await failure("spawn()", open([], { pool, signal: AbortSignal.abort(reason) }));
  assert.equal([error.code, error.cause], ["ABORTED", reason]);
  assert.is(pool.stats().threads, 0);
  await pool.close();
});

signals("that is aborted while the client opens leaves no child", async () => {
  for (const delayMs of [0, 1, 5, 20, 60]) {
    const controller = new AbortController();
    const pool = new SessionPool({ threads: 1 });
    const opened = open([ignoreEof()], {
      pool,
      signal: controller.signal,
      shutdown: { graceMs: 0, termMs: 0 },
    });
    setTimeout(() => controller.abort(), delayMs);
    try {
      // It may have been open already; then the signal ends it.
      const client = await inTime("spawn()", opened);
      await inTime("exited", client.exited);
    } catch (error) {
      assert.is((error as { code?: unknown }).code, "ABORTED");
    }
    await pool.close();
    assert.is(pool.stats().openSessions, 0);
    assert.is(getEventListeners(controller.signal, "abort").length, 0);
  }
});

signals("ends the wait for a free place in the pool", async () => {
  const pool = new SessionPool({ threads: 1, sessionsPerThread: 1 });
  await using first = await open([], { pool });
  const options: ClientOptions = { pool, signal: AbortSignal.timeout(100), spawnTimeoutMs: 3_000 };
  assert.is(await failureCode("spawn()", open([], options)), "ABORTED");
  await first.shutdown();
  await using third = await open([], { pool });
  assert.is((await third.query("x", { timeoutMs: PATIENCE_MS })).length, 3);
  await pool.close();
});

signals("ends an open client by its close ladder, and whatever waits for it", async () => {
  const controller = new AbortController();
  const client = await open([ignoreEof(), emit({ type: "ready" }), onUser(pause(PATIENCE_MS))], {
    signal: controller.signal,
    shutdown: { graceMs: 50, termMs: PATIENCE_MS },
  });
  await client.receive({ timeoutMs: PATIENCE_MS });
  const pid = client.pid() ?? 0;
  const query = failureCode("query()", client.query("x"));
  controller.abort();
  assert.equal(await inTime("exited", client.exited), { exitCode: 143, signal: null });
  assert.is(await query, "CONNECTION_CLOSED");
  await assertEnds("the child", pid);
  assert.is(getEventListeners(controller.signal, "abort").length, 0);
});

signals("outlives its clients without a trace of them", async () => {
  const { signal } = new AbortController();
  for (let round = 0; round < 3; round++) {
    const client = await open([], { signal });
    const pid = client.pid() ?? 0;
    await client.query("x", { signal, timeoutMs: PATIENCE_MS });
    await client.shutdown();
    assert.not.ok(isRunning(pid));
  }
  assert.is(getEventListeners(signal, "abort").length, 0);
});

signals.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
