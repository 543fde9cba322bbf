import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RelayCommand, RelayEvent } from "../../src/channel/control-contract.js";
import { AttachedChild } from "../../workers/attached-child.js";
import { rejects } from "../support/rejects.js";

/** An attached child, the far end of its relay, and all that either has told. */
class Rig {
  readonly child: AttachedChild;
  readonly relay: MessagePort;
  readonly commands: RelayCommand[] = [];
  readonly told: unknown[] = [];

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.relay = port1;
    this.child = new AttachedChild(port2, 17);
    port1.on("message", (command: RelayCommand) => this.commands.push(command));
  }

  start(): void {
    this.child.start({
      stdout: (chunk) => this.told.push(chunk.toString()),
      stderr: (text) => this.told.push({ stderr: text }),
      silenced: () => this.told.push("silenced"),
      ended: (status) => this.told.push(status),
    });
  }

  tell(event: RelayEvent): void {
    this.relay.postMessage(event);
  }

  end(): void {
    this.tell({ kind: "ended", exitCode: 0, signal: null });
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

async function withRig(run: (rig: Rig) => Promise<void>): Promise<void> {
  const rig = new Rig();
  try {
    await run(rig);
  } finally {
    rig.relay.close();
  }
}

const attached = suite("attached-child");

attached("what is relayed before the start is kept, and comes in order", () =>
  withRig(async (rig) => {
    rig.tell({ kind: "stdout", bytes: bytes("one") });
    rig.tell({ kind: "stderr", text: "two" });
    await settle();
    assert.equal(rig.told, []);
    rig.start();
    rig.tell({ kind: "stdout", bytes: bytes("three") });
    rig.end();
    await settle();
    assert.equal(rig.told, ["one", { stderr: "two" }, "three", { exitCode: 0, signal: null }]);
  }),
);

attached("commands reach the relay", () =>
  withRig(async (rig) => {
    rig.start();
    rig.child.pause(true);
    rig.child.pause(false);
    rig.child.endStdin();
    await settle();
    assert.equal(rig.commands, [
      { kind: "pause", paused: true },
      { kind: "pause", paused: false },
      { kind: "end-stdin" },
    ]);
    assert.is(rig.child.pid, 17);
  }),
);

attached("each write is settled by its own answer", () =>
  withRig(async (rig) => {
    rig.start();
    const writes = Promise.allSettled([rig.child.write("a\n"), rig.child.write("b\n")]);
    await settle();
    const ids = rig.commands.map((command) => ("id" in command ? command.id : 0));
    assert.equal(
      rig.commands.map((command) => ("line" in command ? command.line : "")),
      ["a\n", "b\n"],
    );
    rig.tell({ kind: "written", id: ids[1] ?? 0, error: "EPIPE" });
    rig.tell({ kind: "written", id: ids[0] ?? 0 });
    rig.tell({ kind: "written", id: 999 });
    const [a, b] = await writes;
    assert.is(a.status, "fulfilled");
    const error = b.status === "rejected" ? (b.reason as Error & { code?: string }) : undefined;
    assert.is(error?.code, "WRITE_FAILED");
    assert.match(error?.message ?? "", "EPIPE");
  }),
);

attached("the end fails the writes that wait, and closes the relay", () =>
  withRig(async (rig) => {
    rig.start();
    const write = rejects(rig.child.write("a\n"));
    rig.end();
    assert.is((await write).code, "WRITE_FAILED");
    await once(rig.relay, "close");
    assert.equal(rig.told, [{ exitCode: 0, signal: null }]);
  }),
);

attached("a write after the end fails instead of waiting", () =>
  withRig(async (rig) => {
    rig.start();
    rig.end();
    await settle();
    const outcome = await Promise.race([
      rig.child.write("late\n").then(
        () => "written",
        (error: { code?: string }) => error.code,
      ),
      settle().then(() => "waiting"),
    ]);
    assert.is(outcome, "WRITE_FAILED");
  }),
);

attached("the end of the relaying thread is the end of the child as far as anybody can tell", () =>
  withRig(async (rig) => {
    rig.start();
    const write = rig.child.write("a\n").catch((error: { code?: string }) => error.code);
    rig.relay.close();
    await settle();
    assert.is(await Promise.race([write, settle().then(() => "waiting")]), "WRITE_FAILED");
    assert.equal(rig.told, [{ exitCode: null, signal: null }]);
  }),
);

attached.run();
