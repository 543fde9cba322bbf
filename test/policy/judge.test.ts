// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell syntax.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PolicyRule } from "../../src/policy/index.js";
import { HARMLESS_COMMANDS, HOSTILE_COMMANDS } from "./hostile-commands.js";
import { decide, NOWHERE, verdict } from "./policies.js";

const RULES: readonly PolicyRule[] = [
  ...["git log *", "git status", "echo *", "ls *", "cat", "[ *", "test *", "printf *", "kill *", "find *"],
  ...["npm run test:*"],
].map((content) => ({ allow: `Bash(${content})` }));

const allowing = suite("judge: what rules allow");

for (const [attempt, commands] of Object.entries(HOSTILE_COMMANDS)) {
  allowing(`is not widened by ${attempt}`, async () => {
    for (const command of commands) {
      assert.is(await verdict(RULES, command), "deny", JSON.stringify(command));
      const asked = await decide(RULES, "Bash", { command }, NOWHERE, "ask");
      assert.is.not(asked.behavior, "allow", JSON.stringify(command));
    }
  });
}

allowing("is more than a handful of tries", () => {
  assert.ok(Object.values(HOSTILE_COMMANDS).flat().length > 250);
});

allowing("runs", async () => {
  for (const command of HARMLESS_COMMANDS) {
    const { behavior, reason } = await decide(RULES, "Bash", { command });
    assert.is(behavior, "allow", `${JSON.stringify(command)}: ${reason}`);
  }
});

allowing("does not run outside of the sandbox, nor with fields that are not known", async () => {
  const command = "git log";
  const run = async (input: Record<string, unknown>) => (await decide(RULES, "Bash", input)).behavior;
  assert.is(await run({ command, run_in_background: true, timeout: 5, description: "d" }), "allow");
  assert.is(await run({ command, dangerouslyDisableSandbox: true }), "deny");
  assert.is(await run({ command, dangerouslyDisableSandbox: 1 }), "deny");
  assert.is(await run({ command, dangerouslyDisableSandbox: false }), "allow");
  assert.is(await run({ command, shell: "/tmp/evil" }), "deny");
  assert.is(await run({ command, edit: { file: "x" } }), "deny");
  assert.is(await run({ command: ["git", "log"] }), "deny");
  assert.is(await run({}), "deny");
});

allowing("is no other shell's", async () => {
  assert.is((await decide(RULES, "Monitor", { command: "git log" })).behavior, "deny");
  assert.is((await decide(RULES, "PowerShell", { command: "git log" })).behavior, "deny");
});

allowing.run();

const forbidding = suite("judge: what rules forbid");

const FORBIDDEN: readonly PolicyRule[] = [
  { deny: "Bash(rm *)" },
  { deny: "Bash(git push:*)" },
  { allow: "Bash" },
];

forbidding("cannot be hidden", async () => {
  // Every hostile command that names rm would run it.
  const hidden = Object.values(HOSTILE_COMMANDS)
    .flat()
    .filter((command) => /\brm\b/.test(command));
  // In these, rm is a value, a word of another command or what a file would have to hold.
  const other = new Set([
    "GIT_SSH_COMMAND=rm git log",
    "GIT_PAGER='rm x' git log",
    "echo rm x | sh",
    "bash <<EOF\nrm x\nEOF",
    "bash <<< 'rm x'",
    "git log =rm",
    "git log ;; rm",
    "git log *(e:'rm x':)",
  ]);
  for (const command of hidden) {
    if (other.has(command)) continue;
    assert.is(await verdict(FORBIDDEN, command), "deny", JSON.stringify(command));
  }
});

forbidding("is found behind folders, letters and quotes", async () => {
  // biome-ignore format: a table
  const forms = [
    "/bin/rm x", "./rm x", "RM x", "r''m x", "\\rm x", '"r"m x', "rm", "rm\tx", "  rm   x", "r\\\nm x",
    "ｒｍ x",
  ];
  // biome-ignore format: a table
  const pushes = [
    "git push", "git push --force", "git 'push'", "git $A", "git pu* x", "git {push,x}", "git $'push'",
    "GIT PUSH",
  ];
  for (const command of [...forms, ...pushes]) {
    assert.is(await verdict(FORBIDDEN, command), "deny", JSON.stringify(command));
  }
});

forbidding("is found in all that runs something else", async () => {
  const by = [
    // biome-ignore format: a table
    ...[
      "sudo -u me rm x", "sudo sh -c 'rm x'", "xargs -0 -n 1 rm", "find . -type f -exec rm {} +",
      "watch 'rm x'",
    ],
    // biome-ignore format: a table
    ...[
      "env -u A rm x", "flock l rm x", "ssh host 'cd x && rm y'", "parallel rm ::: a",
      "timeout --weird 5 rm x",
    ],
    // biome-ignore format: a table
    ...[
      "bash -x -c 'rm x'", "bash -c 'bash -c \"rm x\"'", "eval 'eval rm x'", "su me -c 'rm x'",
      "exec -a y rm x",
    ],
    // biome-ignore format: a table
    ...[
      "busybox rm x", "alias q=rm", "source x", "hash -p /bin/rm q", "trap 'rm x' 0", "f() { rm x; }",
      "xargs $A",
    ],
  ];
  for (const command of by) assert.is(await verdict(FORBIDDEN, command), "deny", command);
});

forbidding("does not go beyond", async () => {
  const fine = [
    // biome-ignore format: a table
    ...[
      "rmdir x", "git pushy", "git log; echo rm x", "echo 'rm x'", "ls /bin/rm", "A=1 git pull",
      "npm test > log.txt",
    ],
    ...["for f in a b; do echo $f; done", "xargs echo", "sudo ls", "f() { ls; }", "git log $A"].slice(0, -1),
  ];
  for (const command of fine) assert.is(await verdict(FORBIDDEN, command), "allow", command);
});

forbidding("is not to be had by a command that cannot be read", async () => {
  for (const command of ["a(b", "echo 'x", "echo \u200b", "x".repeat(20_000)]) {
    assert.is(await verdict(FORBIDDEN, command), "deny", command.slice(0, 20));
    assert.is(await verdict([{ allow: "Bash" }], command), "allow", "all of Bash is all of it");
  }
});

forbidding("concerns every shell", async () => {
  assert.is(
    (await decide([{ deny: "Bash(rm *)" }, { allow: "Monitor" }], "Monitor", { command: "rm x" })).behavior,
    "deny",
  );
  assert.is(
    (await decide([{ deny: "Bash" }, { allow: "Monitor" }], "Monitor", { command: "ls" })).behavior,
    "deny",
  );
  assert.is(
    (await decide([{ deny: "Bash(rm *)" }, { allow: "Monitor" }], "Monitor", { command: "ls" })).behavior,
    "allow",
  );
});

forbidding.run();

const order = suite("judge: order");

order("the first rule that matches decides, for each part by itself", async () => {
  const rules: PolicyRule[] = [
    { allow: "Bash(git push origin)" },
    { deny: "Bash(git push *)" },
    { ask: "Bash(git *)" },
  ];
  assert.is(await verdict(rules, "git push origin"), "allow");
  assert.is(await verdict(rules, "git push origin --force"), "deny");
  assert.is(await verdict(rules, "git pull"), "ask");
  assert.is(await verdict(rules, "git push origin && git pull"), "ask");
  assert.is(await verdict(rules, "git pull && git push"), "deny");
  assert.is(await verdict(rules, "git pull && ls"), "deny");
});

order("a rule without wildcards may name what runs others", async () => {
  const rules: PolicyRule[] = [
    // biome-ignore format: a table
    ...[
      "timeout 5 npm test", "sudo systemctl restart web", "cd packages/api", "find . -name \\*.tmp -delete",
    ],
    ...["bash -c 'npm test; npm run lint'", "export A=1"],
  ].map((content) => ({ allow: `Bash(${content})` }));
  // biome-ignore format: a table
  const allowed = [
    "timeout 5 npm test", "sudo systemctl restart web", "cd packages/api", "find . -name '*.tmp' -delete",
  ];
  for (const command of allowed) assert.is(await verdict(rules, command), "allow", command);
  // biome-ignore format: a table
  const denied = [
    "timeout 6 npm test", "sudo systemctl restart web x", "cd packages", "find / -name '*.tmp' -delete",
    "npm test",
  ];
  for (const command of denied) assert.is(await verdict(rules, command), "deny", command);
});

order("what runs another command is as good as that, unless a rule is against it", async () => {
  const rules: PolicyRule[] = [{ deny: "Bash(timeout *)" }, { allow: "Bash(ls *)" }];
  assert.is(await verdict(rules, "nice ls"), "allow");
  assert.is(await verdict(rules, "timeout 5 ls"), "deny");
  assert.is(await verdict(rules, "nice timeout 5 ls"), "deny");
});

order("reasons name the part, the rule and the cause", async () => {
  const refused = await decide(RULES, "Bash", { command: "git log && npm publish" });
  assert.match(refused.reason, /No rule .* allows "npm publish"/);
  assert.is(refused.rule, undefined);
  const expanded = await decide(RULES, "Bash", { command: "git log $A" });
  assert.match(expanded.reason, /words that the shell expands/);
  const denied = await decide(FORBIDDEN, "Bash", { command: "ls; rm x" });
  assert.is(denied.rule, "Bash(rm *)");
  assert.match(denied.reason, /"Bash\(rm \*\)" .* forbids "rm x"/);
  const message = "Use the bin folder.";
  assert.is((await decide([{ deny: "Bash(rm *)", message }], "Bash", { command: "rm x" })).reason, message);
  const ugly = await decide(RULES, "Bash", { command: `ev\u202eil\u001b[2J ${"x".repeat(5_000)}` });
  assert.ok(ugly.reason.length < 600);
  assert.not.match(ugly.reason, /[\u202e\u001b]/);
});

order.run();
