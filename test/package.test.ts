/**
 * The package as users get it: packed, installed into an empty folder, and used from there. Installing takes
 * the dependencies from npm's cache where it has them.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BIN = join(ROOT, "node_modules/.bin");
const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
}

interface Context {
  /** Temporary folder of everything below. */
  folder: string;
  /** The tarball, once the first test has made it. */
  tarball: string;
  /** Files in the tarball. */
  packed: string[];
  /** A folder with nothing but the installed package, once a test has made it. */
  consumer: string;
}

const CONVERSATION = `
import { AsyncClient } from "claude-offthread";
import { onUser, scriptedCli } from "claude-offthread/testing";

const client = await AsyncClient.spawn(scriptedCli([onUser("hello from the worker")]));
const messages = await client.query("hi");
const { exitCode } = await client.shutdown();
console.log(JSON.stringify({ last: messages.at(-1), exitCode }));
`;

const pack = suite<Context>("package", { folder: "", tarball: "", packed: [], consumer: "" });

pack.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "package-"));
});
pack.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

pack("can be packed", async (context) => {
  const report = await npm(ROOT, "pack", "--json", "--ignore-scripts", "--pack-destination", context.folder);
  const [{ filename, files }] = JSON.parse(report);
  context.tarball = join(context.folder, filename);
  context.packed = files.map((file: { path: string }) => file.path);
  assert.ok(existsSync(context.tarball));
});

pack("holds what it must", ({ packed }) => {
  const targets = [...Object.values(manifest.exports).flatMap(targetsOf), ...Object.values(manifest.bin)];
  const wanted = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", ...targets];
  const missing = wanted.map((path) => path.replace(/^\.\//, "")).filter((path) => !packed.includes(path));
  assert.equal(
    missing,
    [],
    'not in the package: does the file exist, and does "files" of package.json name it?',
  );
});

pack("holds nothing else than what runs", ({ packed }) => {
  const allowed =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/(src\/.+\.(js|d\.ts)|lib\/.+\.js|workers\/(session\.js|transcripts\.js|shared\/.+\.js)|(lib|workers)\/THIRD-PARTY-LICENSES\.txt))$/;
  assert.equal(
    packed.filter((path) => !allowed.test(path)),
    [],
    'narrow "files" in package.json; a source map needs its sources, which are not packed',
  );
});

pack("holds no output of sources that are gone", ({ packed }) => {
  const stale = packed.filter((path) => {
    const source = path.replace(/^dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts");
    return path.startsWith("dist/src/") && !existsSync(join(ROOT, source));
  });
  assert.equal(stale, [], "the compiler does not remove old output: delete dist/ and build again");
});

pack("is clean for publint", async ({ tarball }) => {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
    strict: true,
  });
  assert.equal(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

pack("is clean for are-the-types-wrong", async ({ folder, tarball }) => {
  const options = [
    "--profile",
    "esm-only",
    "--no-definitely-typed",
    "--no-color",
    "--no-emoji",
    "--format",
    "ascii",
  ];
  await run(folder, process.execPath, [join(BIN, "attw"), tarball, ...options]);
});

pack("can be installed into an empty folder", async (context) => {
  context.consumer = join(context.folder, "consumer");
  mkdirSync(context.consumer);
  // Without a manifest of its own npm would look for a package in the folders above.
  writeFileSync(join(context.consumer, "package.json"), '{ "private": true, "type": "module" }');
  await npm(context.consumer, "install", "--no-audit", "--no-fund", "--prefer-offline", context.tarball);
  assert.ok(existsSync(join(context.consumer, "node_modules", manifest.name, "package.json")));
});

for (const entry of Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"))) {
  pack(`can be imported there as ${entry}`, async ({ consumer }) => {
    const specifier = manifest.name + entry.slice(1);
    const program = `console.log(Object.keys(await import(${JSON.stringify(specifier)})).length)`;
    assert.ok(Number(await node(consumer, "--input-type=module", "--eval", program)) > 0, "exports nothing");
  });
}

pack("gives its manifest there", async ({ consumer }) => {
  const program = `console.log(require("${manifest.name}/package.json").version)`;
  assert.is((await node(consumer, "--input-type=commonjs", "--eval", program)).trim(), manifest.version);
});

pack("finds its worker files there, and talks through one", async ({ consumer }) => {
  writeFileSync(join(consumer, "conversation.js"), CONVERSATION);
  const { last, exitCode } = JSON.parse(await node(consumer, "conversation.js"));
  assert.is(last.type, "result");
  assert.is(last.result, "hello from the worker");
  assert.is(exitCode, 0);
});

pack("has types there that hold without any library of the browser's", async ({ consumer }) => {
  const options = {
    ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
    ...{ target: "ES2023", lib: ["ES2023", "ESNext.Disposable"], module: "NodeNext" },
    ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] },
  };
  writeFileSync(join(consumer, "types.ts"), `${CONVERSATION}export type * from "claude-offthread/mcp";\n`);
  writeFileSync(
    join(consumer, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, files: ["types.ts"] }),
  );
  const tsc = [join(BIN, "tsc"), "-p", consumer, "--pretty", "false"];
  const report = await run(consumer, process.execPath, tsc).catch((error: Failure) => error.details);
  // What is wrong within the types of a dependency is not for this package to mend.
  const foreign = new RegExp(`^(?:\\s|node_modules/(?!${manifest.name}/)|$)`);
  assert.equal(
    report.split("\n").filter((line) => !foreign.test(line)),
    [],
  );
});

for (const command of Object.keys(manifest.bin)) {
  pack(`gives the command ${command} there`, async ({ consumer }) => {
    const help = await run(
      consumer,
      join(consumer, "node_modules/.bin", command),
      ["--help"],
      cleanEnv(consumer),
    );
    assert.match(help, command);
  });
}

pack.run();

interface Failure extends Error {
  /** What the command has printed. */
  readonly details: string;
}

/** Paths of the files that an entry of "exports" leads to. */
function targetsOf(entry: unknown): string[] {
  if (typeof entry === "string") return [entry];
  return typeof entry === "object" && entry !== null ? Object.values(entry).flatMap(targetsOf) : [];
}

async function npm(cwd: string, ...args: string[]): Promise<string> {
  return await run(cwd, "npm", args);
}

async function node(cwd: string, ...args: string[]): Promise<string> {
  return await run(cwd, process.execPath, args, cleanEnv(cwd));
}

function cleanEnv(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home };
}

/** Runs a command to its end and returns its stdout; rejects with all it has printed when it fails. */
async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env = process.env,
): Promise<string> {
  const options = {
    cwd,
    env,
    encoding: "utf8",
    timeout: 90_000,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 26,
  } as const;
  try {
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    const details = `${stdout ?? ""}${stderr ?? ""}`.trim() || message;
    // uvu prints `details` as they are; a message of several lines it would print twice.
    throw Object.assign(new Error(`${command} ${args.join(" ")} failed`), { details });
  }
}
