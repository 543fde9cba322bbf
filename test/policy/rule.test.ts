import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidArgumentError } from "../../src/errors.js";
import { compilePolicy, type PolicyRequest, type PolicyRule } from "../../src/policy/index.js";
import { decide, NOWHERE } from "./policies.js";

const behaviorOf = async (rule: PolicyRule, request: PolicyRequest) =>
  (await compilePolicy({ rules: [rule], otherwise: "ask" }, NOWHERE).decide(request)).behavior;

const names = suite("rules: names of tools");

names("servers and their tools", async () => {
  // biome-ignore format: a table
  const cases: [rule: string, allowed: string[], not: string[]][] = [
    ["mcp__a", ["mcp__a__x", "mcp__a__y__z"], ["mcp__ab__x", "mcp__b__a", "mcp__A__x", "a__x", "Bash"]],
    ["mcp__a__*", ["mcp__a__x"], ["mcp__ab__x", "mcp__a"]],
    ["mcp__a__get_*", ["mcp__a__get_x", "mcp__a__get_"], ["mcp__a__set_x", "mcp__a__xget_x"]],
    ["mcp__a__x", ["mcp__a__x"], ["mcp__a__xy", "mcp__a__x__y", "mcp__a"]],
  ];
  for (const [allow, allowed, not] of cases) {
    for (const tool_name of allowed)
      assert.is(await behaviorOf({ allow }, { tool_name, input: {} }), "allow", `${allow} ${tool_name}`);
    for (const tool_name of not)
      assert.is(await behaviorOf({ allow }, { tool_name, input: {} }), "ask", `${allow} ${tool_name}`);
    for (const tool_name of allowed)
      assert.is(await behaviorOf({ deny: allow }, { tool_name, input: {} }), "deny");
  }
  for (const deny of ["*", "mcp__*", "m*", "*__x"]) {
    assert.is(await behaviorOf({ deny }, { tool_name: "mcp__a__x", input: {} }), "deny", deny);
  }
});

names("a server whose name begins as another's is another", async () => {
  const request = { tool_name: "mcp__a__b__x", input: {} };
  assert.is(await behaviorOf({ allow: "mcp__a" }, { ...request, mcp_server: { name: "a__b" } }), "ask");
  assert.is(await behaviorOf({ allow: "mcp__a__*" }, { ...request, mcp_server: { name: "a  b" } }), "ask");
  assert.is(await behaviorOf({ allow: "mcp__a" }, { ...request, mcp_server: { name: "a" } }), "allow");
  assert.is(await behaviorOf({ deny: "mcp__a" }, { ...request, mcp_server: { name: "a__b" } }), "deny");
});

names("a tool's name covers every use, Edit and Read those of their kind", async () => {
  const uses: [rule: string, tool: string, behavior: string][] = [
    ...["Edit", "Write", "MultiEdit", "NotebookEdit"].map(
      (tool) => ["Edit", tool, "allow"] as [string, string, string],
    ),
    ...["Read", "Grep", "Glob", "LS", "NotebookRead"].map(
      (tool) => ["Read", tool, "allow"] as [string, string, string],
    ),
    ["Write", "Edit", "deny"],
    ["Grep", "Read", "deny"],
    ["Read", "Edit", "deny"],
    ["Edit", "Read", "deny"],
    ["Bash", "BashOutput", "deny"],
    ["KillShell", "TaskStop", "allow"],
    ["TaskStop", "KillBash", "allow"],
    ["Bash(*)", "Bash", "allow"],
    ["NewTool", "NewTool", "allow"],
    ["Skill(*)", "Skill", "allow"],
  ];
  for (const [allow, tool, behavior] of uses)
    assert.is((await decide([{ allow }], tool, {})).behavior, behavior, `${allow} ${tool}`);
  assert.is(
    (await decide([{ deny: "Edit(*)" }, { allow: "Edit" }], "Write", { file_path: "/x" })).behavior,
    "deny",
  );
  const redirected = { command: "ls > /x" };
  assert.is((await decide([{ deny: "Edit" }, { allow: "Bash" }], "Bash", redirected)).behavior, "deny");
  assert.is(
    (await decide([{ deny: "Edit" }, { allow: "Bash" }], "Bash", { command: "ls" })).behavior,
    "allow",
  );
  assert.is((await decide([{ allow: "Edit" }, { allow: "Bash(ls)" }], "Bash", redirected)).behavior, "deny");
});

names.run();

const refused = suite("rules: what is refused");

refused("names the rule and what is wrong with it", () => {
  // biome-ignore format: a table
  const rules: [rule: PolicyRule, why: RegExp][] = [
    [{ allow: "" }, /must be Tool or Tool\(content\)/],
    [{ allow: "Bash(" }, /must be Tool/],
    [{ allow: "Bash()" }, /must be Tool/],
    [{ allow: "Bash)" }, /must be Tool/],
    [{ allow: " Bash" }, /must be Tool/],
    [{ allow: "Bash (ls)" }, /must be Tool/],
    [{ allow: "Bash(ls) " }, /must be Tool/],
    [{ deny: "(ls)" }, /must be Tool/],
    [{ deny: "Bа\u200bsh" }, /must be Tool/],
    [{ deny: "Bаsh(rm *)" }, /must be Tool/],
    [{ allow: "*" }, /wildcard may only follow/],
    [{ allow: "mcp__*" }, /wildcard may only follow/],
    [{ allow: "mcp__a*" }, /wildcard may only follow/],
    [{ allow: "B*" }, /wildcard may only follow/],
    [{ allow: "mcp__" }, /wildcard may only follow/],
    [{ deny: "mcp__*(a:b)" }, /has no content/],
    [{ allow: "Read(*)" }, /write Read to allow every file/],
    [{ allow: "Write(src/**)" }, /Edit\(src\/\*\*\)/],
    [{ deny: "NotebookEdit(a)" }, /given to Edit/],
    [{ deny: "Glob(src/**)" }, /given to Read/],
    [{ ask: "Grep(src/**)" }, /given to Read/],
    [{ allow: "PowerShell(Get-ChildItem *)" }, /does not read PowerShell/],
    [{ deny: "PowerShell(rm *)" }, /does not read PowerShell/],
    [{ allow: "Monitor(ls *)" }, /nothing is known/],
    [{ deny: "Zsh(rm *)" }, /nothing is known/],
    [{ allow: "WebSearch(cats)" }, /nothing is known/],
    [{ allow: "mcp__a__x(y)" }, /nothing is known/],
    [{ allow: "WebFetch(example.org)" }, /domain:example\.org/],
    [{ allow: "WebFetch(domain:https://example.org)" }, /no host name/],
    [{ allow: "WebFetch(domain:)" }, /domain/],
    [{ allow: "WebFetch(domain:a.b/c)" }, /no host name/],
    [{ deny: "WebFetch(url:*)" }, /can be written in many ways/],
    [{ deny: "Bash(command:rm *)" }, /can be written in many ways/],
    [{ deny: "Edit(file_path:x)" }, /can be written in many ways/],
    [{ allow: "Agent(model:haiku)" }, /deny and ask rules/],
    [{ allow: "Bash(run_in_background:false)" }, /deny and ask rules/],
    [{ allow: "Agent(code-*)" }, /named whole/],
    [{ allow: "Skill(a b)" }, /Skill\(name\)/],
    [{ allow: "Bash(a && b)" }, /one command/],
    [{ allow: "Bash(sudo *)" }, /runs other commands/],
    [{ allow: "Read(src/*.{ts,js})" }, /not supported in paths/],
    [{ allow: `Bash(${"x".repeat(1_000)})` }, /longer than/],
    [{ deny: "Edit()" }, /must be Tool/],
  ];
  for (const [rule, why] of rules) {
    const text = JSON.stringify(rule);
    try {
      compilePolicy({ rules: [{ allow: "Glob" }, rule] }, NOWHERE);
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, InvalidArgumentError, text);
      assert.match(String(error), /Rule 2 of the tool policy, (?:allow|deny|ask) "/);
      assert.match(String(error), why);
    }
  }
});

refused.run();
