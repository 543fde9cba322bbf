/** Turns and sessions: what every conversation is made of, how it is cut short, what commands do to it. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hang, promptOf, reply, text, thinking, toolUse } from "../../../src/testing/index.js";
import type { Recorder } from "./recorder.js";
import { allow, PIXEL, PLAIN, run, type Topic } from "./topic.js";

const COMMANDS = [
  ...["/compact", "/context", "/cost", "/rename a title", "/model haiku"],
  ...["/goal the tests pass", "/goal clear", "/no-such-command", "/clear"],
];

const SCHEMA = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
const STRUCTURED = [...PLAIN, `--json-schema=${JSON.stringify(SCHEMA)}`];

const turn: Topic = {
  name: "turn",
  runs: [
    run({ flags: PLAIN }, (cli) => cli.ask("hello")),
    run(
      {
        flags: [...PLAIN, "--include-partial-messages", "--replay-user-messages"],
        script: reply([thinking("let me see"), text("ok", { chunkSize: 1 })]),
        env: { CLAUDE_CODE_SDK_READS_SESSION_STATE: "1", CLAUDE_CODE_SDK_READS_STARTUP_MARKS: "1" },
      },
      async (cli) => {
        await cli.ask([
          { type: "image", source: PIXEL },
          { type: "text", text: "what is this?" },
        ]);
        const source = { type: "text", media_type: "text/plain", data: "a document" };
        await cli.ask([
          { type: "document", source, title: "it" },
          { type: "text", text: "read it" },
        ]);
        await cli.ask("a plain text");
        await cli.pause();
      },
    ),
    run(
      { flags: [...PLAIN, "--prompt-suggestions"], env: { CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: "1" } },
      async (cli) => {
        for (const prompt of ["one", "two", "three"]) await cli.ask(prompt);
        await cli.pause(1_000);
      },
    ),
  ],
};

const session: Topic = {
  name: "session",
  runs: [
    run({ flags: ["--tools=", "--replay-user-messages"] }, async (cli) => {
      await cli.ask("remember this");
      for (const command of COMMANDS) await cli.ask(command);
      await cli.request("set_model", { model: "sonnet" });
      await cli.request("set_permission_mode", { mode: "acceptEdits" });
      await cli.request("rename_session", { title: "another title" });
      await cli.pause();
    }),
    run({ flags: ["--tools="], env: { CLAUDE_CODE_DISABLE_BUNDLED_SKILLS: "1" } }, addSkill),
    run({ flags: [...PLAIN, "--session-mirror", "--bare"] }, async (cli) => {
      await cli.ask("mirrored");
      await cli.pause();
    }),
    run({ flags: [...PLAIN, "--resume=0a0b0c0d-9999-4222-8333-444455556666"] }, async (cli) => {
      cli.tell("anybody there?");
      await cli.pause(1_500);
    }),
  ],
};

async function addSkill(cli: Recorder): Promise<void> {
  await cli.ask("hello");
  const folder = join(cli.offline.cwd, ".claude", "skills", "mine");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "SKILL.md"), "---\nname: mine\ndescription: a skill\n---\nDo it.");
  await cli.request("reload_skills");
  await cli.pause();
}

const interrupts: Topic = {
  name: "interrupts",
  runs: [
    run(
      {
        flags: PLAIN,
        script: [
          { when: "hang", reply: hang() },
          { when: "", reply: "ok" },
        ],
      },
      async (cli) => {
        const hanging = cli.ask("hang");
        await cli.pause(700);
        cli.tell("waiting");
        await cli.request("interrupt", { cancel_queued: true });
        await hanging;
        await cli.ask("after");
      },
    ),
    run(
      {
        flags: [...PLAIN, "--include-partial-messages"],
        script: text("word ".repeat(1_000), { chunkSize: 5, delayMs: 20 }),
      },
      async (cli) => {
        const talking = cli.ask("talk");
        await cli.frame(({ event }) => JSON.stringify(event ?? "").includes("text_delta"));
        await cli.request("interrupt");
        await talking;
      },
    ),
    run(
      {
        flags: allow("Bash"),
        script: [toolUse("Bash", { command: "tail -f /dev/null", description: "wait" }), "never said"],
      },
      async (cli) => {
        const working = cli.ask("work");
        await cli.frame(({ message }) => JSON.stringify(message ?? "").includes("tool_use"));
        await cli.pause();
        await cli.request("interrupt");
        await working;
      },
    ),
  ],
};

const limits: Topic = {
  name: "limits",
  runs: [
    run(
      {
        flags: [...allow("Bash"), "--max-turns=1"],
        script: () => toolUse("Bash", { command: "true", description: "nothing" }),
      },
      (cli) => cli.ask("go on for ever"),
    ),
    run(
      { flags: [...PLAIN, "--max-budget-usd=0.000001"], script: (request) => `echo ${promptOf(request)}` },
      async (cli) => {
        await cli.ask("spend");
        await cli.ask("spend more").catch(() => undefined);
      },
    ),
  ],
};

const structuredOutput: Topic = {
  name: "structured-output",
  runs: [
    run({ flags: STRUCTURED, script: [toolUse("StructuredOutput", { n: 1 }), "done"] }, (cli) =>
      cli.ask("give me one"),
    ),
    run(
      {
        flags: STRUCTURED,
        script: () => toolUse("StructuredOutput", { n: "not a number" }),
        env: { MAX_STRUCTURED_OUTPUT_RETRIES: "2" },
      },
      (cli) => cli.ask("give me one"),
    ),
  ],
};

/** Topics about the conversation itself. */
export const SESSION_TOPICS: readonly Topic[] = [turn, session, interrupts, limits, structuredOutput];
