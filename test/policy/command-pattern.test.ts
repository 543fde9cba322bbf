// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell syntax.
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseCommandPattern } from "../../src/policy/command-pattern.js";
import { verdict } from "./policies.js";

const allows = async (content: string, command: string) =>
  (await verdict([{ allow: `Bash(${content})` }], command)) === "allow";
const forbids = async (content: string, command: string) =>
  (await verdict([{ deny: `Bash(${content})` }, { allow: "Bash" }], command)) === "deny";

const patterns = suite("command patterns");

patterns("match on the boundaries of words", async () => {
  // biome-ignore format: a table
  const cases: [content: string, allowed: string[], not: string[]][] = [
    ["git log:*", ["git log", "git log -1", "git log a b"], ["git logx", "git log-x", "git", "git status", "a git log", "git 'log x'"]],
    ["git log *", ["git log", "git log -1"], ["git logx", "git log-evil"]],
    ["git:*", ["git", "git push"], ["git-evil", "gitk", "git.exe", "/usr/bin/git", "git/x"]],
    ["git log", ["git log", " git  log "], ["git log -1", "git", "git log ''"]],
    ["npm run test*", ["npm run test", "npm run test:unit", "npm run testing"], ["npm run test x", "npm run", "npm run te"]],
    ["git * main", ["git push main", "git push origin main"], ["git main", "git push main x", "git push 'x main'"]],
    ["git * *", ["git a", "git a b"], ["git"]],
    ["git log:* x", ["git log: x", "git log:a x"], ["git log x", "git log a x"]],
    ["echo 'a b' *", ["echo 'a b'", "echo \"a b\" c", "echo a\\ b"], ["echo a b", "echo a"]],
    ["echo \\*", ["echo '*'", "echo \\*"], ["echo a", "echo *"]],
    ["echo a\\ b", ["echo 'a b'"], ["echo a b"]],
    ["echo ';'", ["echo ';'", "echo \\;"], ["echo ;", "echo"]],
    ["echo \"a\"'b'", ["echo ab"], ["echo a b"]],
    ["ls ~/x/*", ["ls ~/x/y", "ls /nowhere/home/x/y"], ["ls '~/x/y'", "ls ~/y", "ls x/y"]],
    ["ls src/*", ["ls src/a", "ls src/*", "ls src/a*"], ["ls src", "ls src/a b", "ls srcs/a", "ls *"]],
    ["./run.sh *", ["./run.sh", "./run.sh a"], ["run.sh", "../run.sh", "/x/run.sh"]],
    ["[ *", ["[ -f x ]"], ["[[ -f x ]]"]],
    ["git log {}", ["git log {}"], ["git log", "git log {a}"]],
  ];
  for (const [content, allowed, not] of cases) {
    for (const command of allowed) assert.ok(await allows(content, command), `${content} allows ${command}`);
    for (const command of not)
      assert.not(await allows(content, command), `${content} does not allow ${command}`);
    for (const command of allowed)
      assert.ok(await forbids(content, command), `${content} forbids ${command}`);
  }
});

patterns("forbid more than the boundaries of words", async () => {
  // biome-ignore format: a table
  const cases: [content: string, forbidden: string[], not: string[]][] = [
    ["* --force", ["git push --force", "a b --force", "'a b' --force", "git push $A", "git $A --force"], ["git push --forced"]],
    ["git push*", ["git push", "git push-x", "git pushed --x", "GIT PUSH"], ["git pull", "echo git push"]],
    ["curl *evil.org*", ["curl http://evil.org/x", "curl -s EVIL.org", "curl $A", "curl ev*"], ["curl good.org", "wget evil.org"]],
    ["/bin/rm *", ["/bin/rm x", "rm x", "/usr/bin/rm x"], ["rmdir x"]],
    ["rm", ["rm", "rm $A"], ["rm x"]],
    ["git push *", ["git $A", "git pu{s,x}h", "git pus* x", "git \"$A\" x", "$A push"], ["git pull $A", "echo $A push"]],
  ];
  for (const [content, forbidden, not] of cases) {
    for (const command of forbidden)
      assert.ok(await forbids(content, command), `${content} forbids ${command}`);
    for (const command of not)
      assert.not(await forbids(content, command), `${content} does not forbid ${command}`);
  }
});

patterns("that cannot be understood are refused", () => {
  // biome-ignore format: a table
  const refused = [
    "", " ", ":*", " *", "a; b", "a && b", "a | b", "a > f", "a & ", "(a)", "a $B", "a `b`", "a \"$B\"", "a 'b", 'a "b', "a \\",
    "a '*'", 'a "*"', "a\nb", "a\tb", "a\u200b", "a\0", "a ~root/x", 'a "b\\c"',
  ];
  for (const content of refused) {
    for (const strict of [true, false]) {
      assert.throws(
        () => parseCommandPattern(content, undefined, strict),
        undefined,
        JSON.stringify(content),
      );
    }
  }
  // biome-ignore format: a table
  const tooWide = [
    "* --version", "g* log", "*", "sudo *", "env *", "timeout:*", "bash -c *", "sh *", "xargs *", "eval *", "cd *", "export *",
    "/usr/bin/env *", "'sudo' *", "source *", "watch git *", "find *x*".replace("find *x*", "exec *"),
  ];
  for (const content of tooWide) {
    assert.throws(() => parseCommandPattern(content, undefined, true), /wildcard|names no command/, content);
    if (content !== "*") assert.not.throws(() => parseCommandPattern(content, undefined, false), content);
  }
});

patterns("no quoting and no addition makes an allow wider", async () => {
  const evil = fc.constantFrom("rm", "curl", "git-evil", "gitx", "sudo", "./git", "/tmp/git");
  const argument = fc.stringMatching(/^[a-z./-]{1,8}$/);
  const joiner = fc.constantFrom(
    ";",
    "&&",
    "||",
    "|",
    "&",
    "\n",
    "|&",
    "; !",
    "; (",
    "; {",
    "; if",
    "; time",
    "; nice",
  );
  const quote = fc.constantFrom(
    (text: string) => text,
    (text: string) => `'${text}'`,
    (text: string) => `"${text}"`,
    (text: string) => text.replace(/./g, "\\$&"),
    (text: string) => `${text.slice(0, 1)}""${text.slice(1)}`,
  );
  const rules = [{ allow: "Bash(git log *)" }, { allow: "Bash(echo *)" }];
  await fc.assert(
    fc.asyncProperty(
      evil,
      argument,
      joiner,
      quote,
      fc.boolean(),
      async (name, word, join, quoting, first) => {
        const [good, bad] = [`git log ${word}`, `${quoting(name)} ${word}`];
        const command = first ? `${bad} ${join.replace(/ .*/, "")} ${good}` : `${good} ${join} ${bad}`;
        assert.is(await verdict(rules, command), "deny", command);
      },
    ),
    { numRuns: 500 },
  );
  await fc.assert(
    fc.asyncProperty(evil, argument, quote, async (name, word, quoting) => {
      for (const inner of [
        `$(${name} ${word})`,
        `\`${name}\``,
        `<(${name})`,
        `"$(${name})"`,
        `\${A:-$(${name})}`,
      ]) {
        assert.is(await verdict(rules, `echo ${quoting(word)} ${inner}`), "deny", inner);
      }
    }),
    { numRuns: 100 },
  );
});

patterns.run();
