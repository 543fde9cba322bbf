import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decide } from "./policies.js";

type Input = Record<string, unknown>;
const allows = async (rule: string, tool: string, input: Input) =>
  (await decide([{ allow: rule }], tool, input)).behavior === "allow";
const forbids = async (rule: string, tool: string, input: Input) =>
  (await decide([{ deny: rule }, { allow: tool }], tool, input)).behavior === "deny";

const domains = suite("rule content: domains");

domains("are those of the host, whatever else the address holds", async () => {
  // biome-ignore format: a table
  const cases: [domain: string, allowed: string[], not: string[]][] = [
    ["example.org", ["https://example.org", "http://EXAMPLE.org/x?y#z", "https://example.org.:8443/"], [
      "https://example.org.evil.com", "https://evil.com/example.org", "https://evil.com?example.org", "https://evil.com#example.org",
      "https://example.org@evil.com", "https://user:pw@example.org", "https://a.example.org", "https://xexample.org", "example.org",
      "//example.org", "ftp://example.org", "file://example.org/etc/passwd", "javascript:example.org", "https:\\\\example.org",
      "https:example.org", "https://evil.com\\@example.org", " https://example.org", "https://exam\tple.org", "https://example.org\n",
      "https://example\u200b.org", "https://examp1e.org", "https://exаmple.org", "https://[::1]", "",
    ]],
    ["*.example.org", ["https://a.example.org", "https://a.b.example.org"], ["https://example.org", "https://aexample.org"]],
    ["example.*", ["https://example.com"], ["https://example.evil.com", "https://example"]],
    ["*", ["https://a.b", "http://127.0.0.1"], ["ftp://a.b", "https://a@b"]],
    ["127.0.0.1", ["http://127.0.0.1:80/", "http://2130706433/", "http://0x7f.1/"], ["http://127.0.0.10/"]],
    ["bücher.example", ["https://bücher.example", "https://xn--bcher-kva.example"], ["https://bucher.example"]],
  ];
  for (const [domain, allowed, not] of cases) {
    const rule = `WebFetch(domain:${domain})`;
    for (const url of allowed)
      assert.ok(await allows(rule, "WebFetch", { url, prompt: "" }), `${rule} allows ${url}`);
    for (const url of not)
      assert.not(await allows(rule, "WebFetch", { url, prompt: "" }), `${rule} does not allow ${url}`);
    for (const url of allowed)
      assert.ok(await forbids(rule, "WebFetch", { url, prompt: "" }), `${rule} forbids ${url}`);
  }
});

domains("that cannot be told from an address are forbidden", async () => {
  const rule = "WebFetch(domain:example.org)";
  const forbidden: unknown[] = [
    "https://user@example.org",
    "example.org",
    "",
    undefined,
    5,
    ["https://a.b"],
    "https://",
    "ＥＸＡＭＰＬＥ.org",
  ];
  for (const url of [...forbidden, "https://ＥＸＡＭＰＬＥ.org"])
    assert.ok(await forbids(rule, "WebFetch", { url }), String(url));
  for (const url of ["https://example.com", "https://a.example.org"])
    assert.not(await forbids(rule, "WebFetch", { url }));
});

domains.run();

const names = suite("rule content: names and fields");

names("agents and skills", async () => {
  assert.ok(await allows("Agent(Explore)", "Agent", { subagent_type: "Explore", prompt: "" }));
  assert.ok(await allows("Task(Explore)", "Agent", { subagent_type: "Explore" }));
  assert.ok(await allows("Agent(Explore)", "Task", { subagent_type: "Explore" }));
  for (const subagent_type of [
    "explore",
    "Explore2",
    " Explore",
    "x:Explore",
    undefined,
    null,
    5,
    ["Explore"],
  ]) {
    assert.not(await allows("Agent(Explore)", "Agent", { subagent_type }), String(subagent_type));
  }
  for (const subagent_type of ["Explore", "explore", "plugin:Explore", "Expl\u200bore"]) {
    assert.ok(await forbids("Agent(Explore)", "Agent", { subagent_type }), subagent_type);
  }
  assert.ok(
    await forbids("Agent(general-purpose)", "Agent", { prompt: "" }),
    "that is what it is without a type",
  );
  assert.not(await forbids("Agent(Explore)", "Agent", { subagent_type: "Plan" }));
  assert.ok(await allows("Skill(commit)", "Skill", { skill: "commit" }));
  assert.not(await allows("Skill(commit)", "Skill", { skill: "commit", args: "--force" }));
  assert.ok(await allows("Skill(commit *)", "Skill", { skill: "commit", args: "--force" }));
  assert.not(await allows("Skill(commit *)", "Skill", { skill: "commit-push" }));
  assert.not(await allows("Skill(commit)", "Skill", { skill: "other:commit" }));
  assert.ok(await forbids("Skill(commit)", "Skill", { skill: "other:commit", args: "x" }));
  assert.ok(await forbids("Skill(commit)", "Skill", { skill: ["commit"] }));
});

names("fields of the input, for deny and ask", async () => {
  assert.ok(await forbids("Agent(model:opus)", "Agent", { model: "opus" }));
  assert.ok(await forbids("Agent(model: op*)", "Agent", { model: "OPUS" }));
  assert.ok(await forbids("Agent(isolation:*)", "Agent", { isolation: "worktree" }));
  assert.not(await forbids("Agent(model:opus)", "Agent", { model: "sonnet" }));
  assert.not(await forbids("Agent(model:*)", "Agent", {}));
  assert.ok(
    await forbids("Bash(run_in_background:true)", "Bash", { command: "ls", run_in_background: true }),
  );
  assert.not(await forbids("Bash(run_in_background:true)", "Bash", { command: "ls" }));
  assert.ok(await forbids("Bash(timeout:*)", "Bash", { command: "timeout 5 ls" }), "a command of that name");
  assert.ok(await forbids("Bash(timeout:*)", "Bash", { command: "ls", timeout: 5 }), "the field");
  assert.not(await forbids("Bash(timeout:*)", "Bash", { command: "ls" }));
  assert.ok(await forbids("Grep(output_mode:content)", "Grep", { pattern: "x", output_mode: "content" }));
  assert.ok(await forbids("WebFetch(prompt:*key*)", "WebFetch", { url: "https://a.b", prompt: "the key" }));
  assert.ok(await forbids("NewTool(place:x)", "NewTool", { place: ["x"] }), "a list may hold it");
  assert.ok(await forbids("mcp__s__t(place:x)", "mcp__s__t", { place: "x" }));
  assert.not(await forbids("NewTool(constructor:*)", "NewTool", {}));
});

names.run();
