import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { stubborn } from "./children.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A second copy of this package, with the same dependencies. */
class Copy implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "offthread-copy-"));

  constructor() {
    for (const part of ["dist/src", "dist/workers", "package.json"]) {
      cpSync(join(ROOT, part), join(this.#folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.#folder, "node_modules"));
  }

  get url(): string {
    return pathToFileURL(join(this.#folder, "dist/src/index.js")).href;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Whose client is closed before the end, which are alive then, and how the end comes. */
const ENDS = [
  ["neither", [true, true], "exit"],
  ["neither", [true, true], "SIGTERM"],
  ["ours", [false, true], "SIGTERM"],
  ["other", [true, false], "exit"],
] as const;

const copies = suite("two copies of the package");
const each = CAN_SEE_ORPHANS ? copies : copies.skip;

for (const [closes, alive, way] of ENDS) {
  each(`${closes} closed, ${way}: each watches over its own children`, async () => {
    using copy = new Copy();
    await using host = startHost("two-copies", { launches: [stubborn], args: [copy.url, closes] });
    assert.equal((await host.told("ready")).alive, alive);
    if (way === "exit") host.go();
    else host.signal(way);
    const end = way === "exit" ? { exitCode: 7, signal: null } : { exitCode: null, signal: way };
    assert.equal(await host.ended(), end);
    await host.nothingLeft();
  });
}

each("each recognises the other's errors; with both closed the host exits, and no hook is left", async () => {
  using copy = new Copy();
  await using host = startHost("two-copies", { launches: [stubborn], args: [copy.url, "both"] });
  const { recognised, instances } = await host.told("errors");
  assert.equal(recognised, [true, true, true, true]);
  assert.equal(instances, [true, false, false, true], "they are two copies");
  const { released } = await host.told("ready");
  host.go();
  assert.equal(await host.ended(), { exitCode: 0, signal: null });
  assert.ok(released, "listeners are back to where they were");
  assert.is(host.stderr, "");
  await host.nothingLeft();
});

copies.run();
