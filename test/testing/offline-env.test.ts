import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaudeError } from "../../src/errors.js";
import { offlineEnv, startScriptedModel } from "../../src/testing/index.js";

/** A temporary folder of this file alone: others count nothing into it. */
const own = mkdtempSync(join(tmpdir(), "offline-env-"));
process.env.TMPDIR = own;
const offline = suite("offlineEnv");
offline.after(() => rmSync(own, { recursive: true }));
const BASE = "http://127.0.0.1:1234";

offline("takes nothing from the host but PATH", async () => {
  process.env.ANTHROPIC_AUTH_TOKEN = "real";
  process.env.NODE_OPTIONS = "--no-warnings";
  await using made = offlineEnv({ baseUrl: BASE });
  delete process.env.ANTHROPIC_AUTH_TOKEN;
  delete process.env.NODE_OPTIONS;
  assert.not.match(JSON.stringify(made.env), /real|no-warnings/);
  assert.is(made.env.PATH, process.env.PATH);
  assert.is(made.env.ANTHROPIC_BASE_URL, BASE);
  assert.is(made.env.CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC, "1");
  assert.is(made.env.DISABLE_TELEMETRY, "1");
  assert.is(made.env.DISABLE_AUTOUPDATER, "1");
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]) {
    assert.is(made.env[name], "http://127.0.0.1:9");
  }
  assert.match(made.env.NO_PROXY ?? "", "127.0.0.1");
  assert.match(made.env.ANTHROPIC_API_KEY ?? "", "dummy");
});

offline("makes fresh folders and removes them with all that is in them, once", async () => {
  const one = offlineEnv({ baseUrl: BASE });
  const two = offlineEnv({ baseUrl: BASE });
  assert.is.not(one.home, two.home);
  for (const folder of [one.home, one.cwd, one.tmp, one.env.CLAUDE_CONFIG_DIR ?? ""])
    assert.ok(existsSync(folder));
  assert.equal(readdirSync(one.cwd), []);
  assert.is(one.env.HOME, one.home);
  assert.is(one.env.TMPDIR, one.tmp);
  writeFileSync(join(one.tmp, "left"), "behind");
  await Promise.all([one.dispose(), one.dispose()]);
  await one.dispose();
  assert.not(existsSync(one.home) || existsSync(one.cwd) || existsSync(one.tmp));
  assert.ok(existsSync(two.home));
  await two[Symbol.asyncDispose]();
});

offline("keeps a home that was given", async () => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  try {
    const made = offlineEnv({ baseUrl: BASE, home });
    assert.is(made.env.HOME, home);
    await made.dispose();
    assert.ok(existsSync(home));
  } finally {
    rmSync(home, { recursive: true });
  }
});

offline("takes the URL of a model, and more variables", async () => {
  await using model = await startScriptedModel("ok");
  await using made = offlineEnv({ model, extra: { LANG: "C.UTF-8", ANTHROPIC_API_KEY: "other" } });
  assert.is(made.env.ANTHROPIC_BASE_URL, model.url);
  assert.is(made.env.LANG, "C.UTF-8");
  assert.is(made.env.ANTHROPIC_API_KEY, "other");
});

const REFUSED = [
  {},
  { baseUrl: "https://api.anthropic.com" },
  { baseUrl: "http://127.0.0.1.example.com" },
  { baseUrl: "http://10.0.0.1:80" },
  { baseUrl: "http://0.0.0.0:80" },
  { baseUrl: "http://user@example.com#@127.0.0.1" },
  { baseUrl: "file:///127.0.0.1" },
  { baseUrl: "not a url" },
  { baseUrl: "" },
  { model: { url: "http://example.com" } },
  { baseUrl: BASE, extra: { ANTHROPIC_BASE_URL: "https://api.anthropic.com" } },
  { baseUrl: BASE, extra: { https_proxy: "" } },
  { baseUrl: BASE, extra: { No_Proxy: "*" } },
  { baseUrl: BASE, extra: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "" } },
];
for (const options of REFUSED) {
  offline(`refuses ${JSON.stringify(options)} and leaves no folder`, () => {
    assert.throws(
      () => offlineEnv(options),
      (error: unknown) => isClaudeError(error) && error.code === "INVALID_ARGUMENT",
    );
    assert.equal(readdirSync(own), []);
  });
}

for (const baseUrl of ["http://localhost:1", "http://127.9.8.7:1", "http://[::1]:1/path"]) {
  offline(`accepts ${baseUrl}`, async () => {
    await using made = offlineEnv({ baseUrl });
    assert.is(made.env.ANTHROPIC_BASE_URL, baseUrl);
  });
}

offline.run();
