import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guarded } from "../../workers/orphan-guard.js";

const guard = suite("orphan-guard");

guard("the command and its arguments come out whole, behind the guard if there is one", async () => {
  const args = ["--pdeathsig", "--", "-x", ""];
  const [command, given] = await guarded("/bin/some command", args);
  if (command === "/bin/some command") {
    assert.equal(given, args);
    return;
  }
  assert.match(command, /setpriv$/);
  assert.equal(given, ["--pdeathsig", "TERM", "--", "/bin/some command", ...args]);
});

guard("each call tells the same", async () => {
  const [first, second] = await Promise.all([guarded("a", ["b"]), guarded("a", ["b"])]);
  assert.equal(first, second);
});

if (process.platform !== "linux") {
  guard("elsewhere there is none", async () => assert.equal(await guarded("a", ["b"]), ["a", ["b"]]));
}

guard.run();
