import { suite } from "uvu";
import * as assert from "uvu/assert";
import { TESTED_CLI_VERSION } from "../../src/index.js";
import { realCli } from "../testing/child-run.js";
import { ended, onStage, stdoutWith } from "./command-run.js";
import { executable } from "./stand-in.js";

interface Report {
  readonly ok: boolean;
  readonly checks: { name: string; status: string; detail: string }[];
}

const SELF_TEST = ["worker", "1 MB frame", "approval", "shutdown"].map((name) => `self-test: ${name}`);
const doctor = suite("claude-offthread doctor");

/** Runs `doctor --json` with this executable and gives its report, by check. */
async function examine(claude: (folder: string) => string, env: Record<string, string | undefined> = {}) {
  let report: Report | undefined;
  let exitCode: number | null = null;
  await onStage("unused", async ({ start, offline, model }) => {
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) delete offline.env[name];
      else offline.env[name] = value;
    }
    const run = await ended(start("doctor", "--json", "--claude", claude(offline.tmp)));
    assert.is(run.stderr, "");
    assert.is(model.mainRequests.length, 0);
    assert.not.match(run.stdout, "sk-offline-dummy");
    exitCode = run.exitCode;
    report = JSON.parse(run.stdout);
  });
  const checks = new Map(report?.checks.map((check) => [check.name, check]));
  return { exitCode, ok: report?.ok, checks, of: (name: string) => checks.get(name) };
}

doctor("finds everything in order, and says so line by line", async () => {
  await onStage("unused", async ({ start }) => {
    const { exitCode, stdout, stderr } = await ended(start("doctor", "--claude", realCli()));
    assert.is(exitCode, 0, stdout);
    assert.is(stderr, "");
    assert.match(stdout, /^ok +node +\d+\.\d+\.\d+ \(supported: >=20\)$/m);
    assert.match(stdout, /^ok +threads|^warn +threads/m);
    assert.match(stdout, /^ok +guard|^warn +guard/m);
    assert.match(stdout, /^ok +claude .*\(named by --claude\)$/m);
    assert.ok(stdout.includes(`${TESTED_CLI_VERSION}, the tested one`), stdout);
    assert.match(stdout, /^ok +login +logged in \(api_key, firstParty\)$/m);
    for (const name of SELF_TEST) assert.match(stdout, new RegExp(`^ok +${name} `, "m"));
    assert.match(stdout, /, 0 failed\n$/);
    assert.not.match(stdout, "sk-offline-dummy");
  });
});

doctor("--json gives the same as data; no login is a warning", async () => {
  const { exitCode, ok, checks, of } = await examine(realCli, { ANTHROPIC_API_KEY: undefined });
  assert.equal({ exitCode, ok }, { exitCode: 0, ok: true });
  assert.equal([...checks.keys()], ["node", "threads", "guard", "claude", "version", "login", ...SELF_TEST]);
  assert.is(of("login")?.status, "warn");
  assert.match(of("login")?.detail ?? "", "not logged in");
});

doctor("a missing binary fails; the self-test runs all the same", async () => {
  const { exitCode, ok, checks, of } = await examine(() => "/nonexistent/claude");
  assert.equal({ exitCode, ok }, { exitCode: 1, ok: false });
  assert.equal([...checks.keys()], ["node", "threads", "guard", "claude", ...SELF_TEST]);
  assert.is(of("claude")?.status, "fail");
  assert.match(of("claude")?.detail ?? "", "--claude <path>");
  for (const name of SELF_TEST) assert.is(of(name)?.status, "ok");
});

const claims = (version: string, status: string) => (folder: string) =>
  executable(folder, `case "$1" in --version) echo "${version} (Claude Code)";; *) ${status};; esac`);

const STUBS: [title: string, claude: (folder: string) => string, version: string, login: RegExp][] = [
  ["a newer version", claims("99.0.0", "echo '{}'"), "warn", /^unknown: this version/],
  ["an older version", claims("1.0.0", "echo nonsense; exit 3"), "warn", /^unknown: this version/],
  ["no version", (folder) => executable(folder, "exit 3"), "fail", /^unknown: this version/],
  [
    "a login state with exit code 1",
    claims(
      TESTED_CLI_VERSION,
      `echo '{"loggedIn":true,"authMethod":"claude.ai","subscriptionType":"max"}'; exit 1`,
    ),
    "ok",
    /^logged in \(claude\.ai, max\)$/,
  ],
  [
    "a login state full of secrets",
    claims(
      TESTED_CLI_VERSION,
      `echo '{"loggedIn":true,"authMethod":"sk-ant-secret","token":"sk-ant-secret"}'`,
    ),
    "ok",
    /^logged in$/,
  ],
];
for (const [title, claude, version, login] of STUBS) {
  doctor(`reports ${title}`, async () => {
    const { of, exitCode } = await examine(claude);
    assert.is(of("version")?.status, version);
    assert.match(of("login")?.detail ?? "", login);
    assert.is(exitCode, version === "fail" ? 1 : 0);
  });
}

doctor("Ctrl+C ends it, and what it has started", async () => {
  await onStage("unused", async ({ start, offline }) => {
    const claude = claims(TESTED_CLI_VERSION, "tail -f /dev/null")(offline.tmp);
    const run = start("doctor", "--claude", claude);
    await stdoutWith(run, "the tested one");
    run.kill("SIGINT");
    assert.is((await ended(run)).exitCode, 130);
  });
});

doctor.run();
