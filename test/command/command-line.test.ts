import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commandLine } from "../../src/command/command-line.js";

const typed = suite("the command line, to be typed again");

const CALLS: [argv: string[], env: Record<string, string>, line: string][] = [
  [["/bin/claude-offthread", "batch", "a b.csv"], {}, "claude-offthread batch 'a b.csv' --x"],
  [
    ["/p/node_modules/.bin/claude-offthread", "batch"],
    { npm_command: "exec" },
    "npx claude-offthread batch --x",
  ],
  [["/here/dist/main.js", "batch"], {}, "node dist/main.js batch --x"],
  [["/else where/main.js", "--x"], {}, "node '/else where/main.js' --x"],
];
for (const [argv, env, line] of CALLS) {
  typed(line, () => assert.is(commandLine({ argv: ["node", ...argv], env, cwd: "/here" }, "--x"), line));
}

typed("a shell reads every argument back as it was", async () => {
  if (process.platform === "win32") return;
  const argument = fc.string({
    unit: fc.constantFrom("a", " ", "'", '"', "$", "\\", "é", "\n", "*", "~", "!", ""),
  });
  const echoed = (args: readonly string[]) => {
    const line = commandLine({ argv: ["node", "/bin/printed", ...args], env: {}, cwd: "/" });
    const printed = `printed() { printf '%s\\0' "$@"; }; ${line.replace(/^claude-offthread/, "printed")}`;
    const output = execFileSync("sh", ["-c", printed]);
    return output.toString("utf8").split("\0").slice(0, -1);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 4 }), async (args) => {
      assert.equal(echoed(args), args);
    }),
    { numRuns: 30 },
  );
});

typed.run();
