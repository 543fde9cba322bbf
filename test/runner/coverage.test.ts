import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HEAD, makePackage, start, write } from "./sandbox.js";

const coverage = suite("coverage", { root: "" });

const SOURCES = {
  "src/half.ts":
    "export interface Gone {\n  x: number;\n}\nexport function half(x: number): string {\n  if (x > 1) return 'big';\n  return 'small';\n}\n",
  "src/child.ts": "const x: number = 1;\nif (x > 1) {\n  console.log(x);\n}\n",
  "src/never.ts": "export const never: number = 1;\n",
  "workers/thread.ts":
    "import { parentPort } from 'node:worker_threads';\nparentPort?.on('message', (x: string) => parentPort?.postMessage(x));\n",
};

const PROGRAM = [
  'import { execFileSync } from "node:child_process"; import { once } from "node:events";',
  'import { fileURLToPath } from "node:url"; import { Worker } from "node:worker_threads";',
  'import { half } from "../src/half.js";',
  HEAD,
  'a("x", async () => {',
  "  half(2);",
  '  execFileSync(process.execPath, [fileURLToPath(new URL("../src/child.js", import.meta.url))], { env: {} });',
  '  const worker = new Worker(new URL("../workers/thread.js", import.meta.url));',
  '  worker.postMessage("x"); await once(worker, "message"); await worker.terminate();',
  "});",
  "a.run();",
];

coverage.before((context) => {
  context.root = makePackage({ x: PROGRAM });
  for (const [path, text] of Object.entries(SOURCES)) write(join(context.root, path), text);
});
coverage.after(({ root }) => rmSync(root, { recursive: true }));

coverage("is refused for a build without source maps", async ({ root }) => {
  compile(root);
  const { output, exitCode } = await start(root, ["--coverage"]).ended;
  assert.match(output, /npm run coverage/);
  assert.is(exitCode, 2);
});

coverage(
  "counts threads, child processes and files never loaded, in lines of TypeScript",
  async ({ root }) => {
    compile(root, "--inlineSourceMap");
    const { output, exitCode, lastLine } = await start(root, ["--coverage"]).ended;
    const row = (file: string) => output.split("\n").find((line) => line.includes(` ${file} `)) ?? "";
    assert.is(lastLine, "1 passed, 0 failed");
    assert.is(exitCode, 0);
    assert.match(row("half.ts"), /\| 6(-7)? /, output);
    assert.match(row("child.ts"), /\| 3(-4)? /, output);
    assert.match(row("never.ts"), / 0 \|/);
    assert.match(row("thread.ts"), /thread\.ts +\| +100 \|/);
    assert.not.match(output, /\.test\.|\.js /);
    assert.ok(existsSync(join(root, "coverage/lcov.info")));
  },
);

coverage.run();

function compile(root: string, ...options: string[]): void {
  const config = {
    compilerOptions: { target: "ES2023", module: "NodeNext", types: ["node"], rootDir: ".", outDir: "dist" },
    include: ["src", "workers"],
  };
  write(join(root, "tsconfig.json"), JSON.stringify(config));
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", root, ...options]);
}
