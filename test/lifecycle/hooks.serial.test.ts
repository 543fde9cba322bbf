import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startHost } from "../support/host-program.js";
import { idle } from "./children.js";

const hooks = suite("what the library hooks into the process");

hooks("is gone once no client is open, however it ended, and never more than one listener", async () => {
  // Node warns at the eleventh listener of an event.
  await using host = startHost("listeners", { launches: Array.from({ length: 12 }, () => idle) });
  assert.equal(await host.ended(), { exitCode: 0, signal: null });
  assert.is(host.stderr, "");
  const [before, ...later] = host.heard;
  const without = (event: string) => later.filter((told) => told.event === event);
  assert.is(without("failed")[0]?.count, 3);
  assert.is(without("closed").length, 3);
  for (const closed of without("closed")) assert.equal({ ...closed, event: "before" }, before);
  for (const { event, replaced, ...open } of without("open")) {
    const added = Object.entries(open).map(([name, count]) => Number(count) - Number(before?.[name] ?? 0));
    assert.ok(added.length > 0);
    assert.ok(Math.max(...added) <= 1, JSON.stringify(open));
  }
});

hooks.run();
