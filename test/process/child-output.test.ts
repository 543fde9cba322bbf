import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ExitStatus } from "../../src/errors.js";
import { ChildOutput, type PipedChild } from "../../src/process/child-output.js";

/** What a child has told, and a way to wait for its end. */
class Heard {
  stdout = "";
  stderr = "";
  readonly ends: ExitStatus[] = [];
  readonly ended: Promise<ExitStatus>;
  readonly silenced: Promise<void>;
  /** Whether the end of stdout was told of. */
  wasSilenced = false;

  constructor(output: ChildOutput) {
    let silenced = (): void => {};
    this.silenced = new Promise((resolve) => {
      silenced = resolve;
    });
    this.ended = new Promise((resolve) => {
      output.start({
        silenced: () => {
          this.wasSilenced = true;
          silenced();
        },
        stdout: (chunk) => {
          assert.equal(this.ends, [], "nothing comes after the end");
          this.stdout += chunk.toString();
        },
        stderr: (text) => {
          this.stderr += text;
        },
        ended: (status) => {
          this.ends.push(status);
          resolve(status);
        },
      });
    });
  }
}

function child(source: string, stderr: "pipe" | "ignore" = "pipe"): PipedChild {
  return spawn(process.execPath, ["-e", source], { stdio: ["pipe", "pipe", stderr], env: {} }) as PipedChild;
}

const output = suite("child-output");

output("a child that closes its stdout and lives on is told of, one that ends is not", async () => {
  const process = child(`require("fs").closeSync(1); setTimeout(() => {}, 60_000)`);
  const mute = new Heard(new ChildOutput(process));
  const ending = new Heard(new ChildOutput(child(`console.log("out")`)));
  await mute.silenced;
  assert.equal(mute.ends, [], "it lives");
  process.kill("SIGKILL");
  await mute.ended;
  assert.equal(await ending.ended, { exitCode: 0, signal: null });
  assert.not.ok(ending.wasSilenced);
});

output("all of both streams, then the end, once", async () => {
  const heard = new Heard(
    new ChildOutput(child(`console.log("out"); console.error("err"); process.exitCode = 4`)),
  );
  assert.equal(await heard.ended, { exitCode: 4, signal: null });
  assert.equal([heard.stdout, heard.stderr], ["out\n", "err\n"]);
  await sleep(20);
  assert.is(heard.ends.length, 1);
});

output("a child without a stderr", async () => {
  const heard = new Heard(new ChildOutput(child(`console.log("out"); console.error("err")`, "ignore")));
  assert.equal(await heard.ended, { exitCode: 0, signal: null });
  assert.equal([heard.stdout, heard.stderr], ["out\n", ""]);
});

output("what came before the start is told first", async () => {
  const one = child(`console.log("early"); setTimeout(() => console.log("late"), 400)`);
  const waiting = new ChildOutput(one);
  await sleep(250);
  const heard = new Heard(waiting);
  await heard.ended;
  assert.is(heard.stdout, "early\nlate\n");
});

output("a child that ends before the start is told of whole", async () => {
  const one = child(`console.log("all"); console.error("err")`);
  const waiting = new ChildOutput(one);
  await once(one, "close");
  const heard = new Heard(waiting);
  assert.equal(await heard.ended, { exitCode: 0, signal: null });
  assert.equal([heard.stdout, heard.stderr], ["all\n", "err\n"]);
});

output("one that had ended before anybody listened ends at once", async () => {
  const one = child("");
  one.stdout.resume();
  one.stderr?.resume();
  await once(one, "close");
  assert.equal(await new Heard(new ChildOutput(one)).ended, { exitCode: 0, signal: null });
});

output("one that could not be started ends too", async () => {
  const missing = spawn("/no/such/program", [], { stdio: "pipe" });
  missing.on("error", () => {});
  const heard = new Heard(new ChildOutput(missing as PipedChild));
  const end = await Promise.race([heard.ended, sleep(5_000, undefined)]);
  assert.ok(end !== undefined, "its end is never told");
  assert.is(end.signal, null);
});

output("nothing is left open after the end", async () => {
  const one = child("");
  await new Heard(new ChildOutput(one)).ended;
  for (const stream of [one.stdin, one.stdout, one.stderr]) assert.ok(stream?.destroyed);
});

output.run();
