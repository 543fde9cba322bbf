/** What the official SDK reads and writes is the measure: the same transcripts must give the same. */

import { utimesSync } from "node:fs";
import * as sdk from "@anthropic-ai/claude-agent-sdk";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forkSession } from "../../src/sessions/change-sessions.js";
import { getSessionInfo, getSessionMessages, listSessions } from "../../src/sessions/read-sessions.js";
import { collect, entry, type Line, plain, StoredSessions, uuidOf } from "../support/stored-sessions.js";

const agreement = suite("stored sessions: agreement with the SDK");

const stored = new StoredSessions();
const { configDir } = stored;
process.env.CLAUDE_CONFIG_DIR = configDir;
agreement.after(() => stored[Symbol.dispose]());

const prompt = (content: unknown, more = {}): Line =>
  entry(1, null, "user", { message: { role: "user", content }, ...more });
const big = "x".repeat(1_000);
const filler = Array.from({ length: 200 }, (_, index) =>
  entry(100 + index, index === 0 ? 1 : 99 + index, "assistant", {
    message: { id: "m", role: "assistant", content: big },
  }),
);
const title = { type: "custom-title", customTitle: "Title" };

const SESSIONS: Readonly<Record<string, readonly Line[]>> = {
  "a prompt": [prompt("hello")],
  "a prompt of several lines": [prompt("  hello\n\nworld \t x  ")],
  "a long prompt": [prompt("abcdefghij".repeat(40))],
  "a long prompt, cut at a space": [prompt(`${"a".repeat(199)} b`)],
  "a prompt in blocks": [
    prompt([{ type: "image" }, { type: "text", text: "b" }, { type: "text", text: "c" }]),
  ],
  "a block that was not typed first": [
    prompt([
      { type: "text", text: "<ide>x</ide>" },
      { type: "text", text: "b" },
    ]),
  ],
  "a tool's result first": [prompt([{ type: "tool_result", tool_use_id: "x" }]), entry(2, 1)],
  "what the CLI says first": [prompt("caveat", { isMeta: true }), entry(2, 1)],
  "a compaction's summary first": [prompt("summary", { isCompactSummary: true }), entry(2, 1)],
  "a command first": [prompt("<command-name>/model</command-name>"), entry(2, 1)],
  "a command alone": [prompt("<command-name>/model</command-name>")],
  "a shell command": [prompt("<bash-input>ls\n-l</bash-input> rest")],
  "an interrupt first": [prompt("[Request interrupted by user for tool use]"), entry(2, 1)],
  "something like a tag": [prompt("<Foo>x"), entry(2, 1)],
  "something like an address": [prompt("<a@b.c> hi"), entry(2, 1)],
  "a closing tag": [prompt("</a> x"), entry(2, 1)],
  "a tag with attributes": [prompt("<a b=1>x"), entry(2, 1)],
  "no prompt": [entry(1, null, "assistant")],
  "output alone": [prompt("<local-command-stdout>x</local-command-stdout>")],
  "a title": [prompt("hi"), title],
  "a title without a prompt": [title],
  "a title taken back": [prompt("hi"), title, { type: "custom-title", customTitle: "" }],
  "a title by the model": [
    prompt("hi"),
    { type: "ai-title", aiTitle: "AI" },
    { type: "last-prompt", lastPrompt: "LP" },
  ],
  "both titles": [prompt("hi"), title, { type: "ai-title", aiTitle: "AI" }],
  "a last prompt": [
    prompt("hi"),
    { type: "last-prompt", lastPrompt: "LP" },
    { type: "summary", summary: "S" },
  ],
  "a last prompt left empty": [
    prompt("hi"),
    { type: "last-prompt", lastPrompt: "LP" },
    { type: "last-prompt" },
  ],
  "a summary": [prompt("hi"), { type: "summary", summary: "S" }],
  "a tag": [prompt("hi"), { type: "tag", tag: "a" }, { type: "tag", tag: "b" }],
  "a tag taken back": [prompt("hi"), { type: "tag", tag: "a" }, { type: "tag", tag: "" }],
  "a tag in a prompt": [prompt('"tag":"zzz" {"type":"tag","tag":"q"}')],
  "branches and directories": [
    prompt("hi", { gitBranch: "a" }),
    entry(2, 1, "assistant", { gitBranch: "b", cwd: "/y" }),
  ],
  "a side chain": [prompt("hi", { isSidechain: true }), entry(2, 1)],
  "a time that is none": [prompt("hi", { timestamp: "garbage" })],
  "a time that comes later": [{ type: "mode" }, prompt("hi", { timestamp: undefined }), entry(2, 1)],
  "a title in the middle of much": [prompt("hi"), ...filler.slice(0, 100), title, ...filler.slice(100)],
  "a title at the beginning of much": [
    prompt("hi"),
    title,
    { type: "last-prompt", lastPrompt: "LP" },
    ...filler,
  ],
  nothing: [],
  junk: ["garbage"],
  "a torn line": [prompt("hi"), '{"type":"custom-ti'],
};

for (const [name, lines] of Object.entries(SESSIONS)) {
  agreement(`info: ${name}`, async () => {
    const id = stored.put(lines);
    utimesSync(stored.file(id), 1_700_000_000.000_6, 1_700_000_000.000_6);
    assert.equal(plain(await getSessionInfo(id, { configDir })), plain(await sdk.getSessionInfo(id)));
  });
}

agreement("the list, and parts of it", async () => {
  const ids = async (list: Promise<readonly { sessionId: string }[]>) =>
    (await list).map((one) => one.sessionId).sort();
  assert.equal(await ids(collect(listSessions({ configDir }))), await ids(sdk.listSessions()));
  const all = plain(await collect(listSessions({ configDir })));
  for (const page of [{ limit: 3 }, { limit: 3, offset: 2 }, { offset: all.length - 1 }, { offset: 1_000 }]) {
    const { offset = 0, limit = 1_000 } = page;
    assert.equal(
      plain(await collect(listSessions({ configDir, ...page }))),
      all.slice(offset, offset + limit),
    );
    assert.is((await sdk.listSessions(page)).length, all.slice(offset, offset + limit).length);
  }
});

agreement("sessions of programs", async () => {
  const named = (list: readonly { summary: string }[]) =>
    list
      .map(({ summary }) => summary)
      .filter((text) => text.startsWith("program"))
      .sort();
  stored.put([prompt("program 1", { entrypoint: "sdk-cli" })]);
  stored.put([
    prompt("program 2", { entrypoint: "cli" }),
    entry(2, 1, "assistant", { entrypoint: "sdk-ts" }),
  ]);
  stored.put([
    prompt("program 3", { entrypoint: "sdk-py" }),
    entry(2, 1, "assistant", { entrypoint: "cli" }),
  ]);
  const ours = named(await collect(listSessions({ configDir, includeProgrammatic: false })));
  assert.equal(ours, ["program 2"]);
  assert.equal(ours, named(await sdk.listSessions({ includeProgrammatic: false })));
});

const boundary = (number: number, more = {}) =>
  entry(number, null, "system", { subtype: "compact_boundary", ...more });
const summary = (number: number, parent: number) => entry(number, parent, "user", { isCompactSummary: true });
const kept = { headUuid: uuidOf(6), anchorUuid: uuidOf(4), tailUuid: uuidOf(7) };
const listed = { anchorUuid: uuidOf(4), uuids: [uuidOf(2), uuidOf(7)] };
const before = [entry(1, null), entry(2, 1, "assistant"), entry(6, 2), entry(7, 6, "assistant")];
const after = [summary(4, 3), entry(5, 4, "assistant")];
const compacted = (compactMetadata: unknown) => [...before, boundary(3, { compactMetadata }), ...after];

const CONVERSATIONS: Readonly<Record<string, readonly Line[]>> = {
  "a compaction": compacted({}),
  "a compaction that keeps a segment": compacted({ preservedSegment: kept }),
  "a compaction that keeps some messages": compacted({ preservedSegment: kept, preservedMessages: listed }),
  "a compaction that keeps what stands before the summary": compacted({
    preservedSegment: { ...kept, anchorUuid: uuidOf(3) },
  }),
  "a compaction with nothing behind": [
    ...before,
    boundary(3, { compactMetadata: { preservedSegment: kept } }),
    summary(4, 3),
  ],
  "a boundary alone": [...before, boundary(3)],
  "two compactions": [
    ...compacted({ preservedSegment: kept }),
    boundary(8),
    summary(9, 8),
    entry(10, 9, "assistant"),
  ],
  "a rewind behind a compaction": [...compacted({}), entry(11, 2), entry(12, 11, "assistant")],
  "a uuid that comes twice": [
    entry(1, null),
    entry(2, 1, "assistant"),
    entry(3, 2),
    entry(2, 1, "assistant"),
  ],
  "a circle": [entry(1, 2), entry(2, 1, "assistant")],
  "a circle with a way in": [entry(1, 2), entry(2, 1, "assistant"), entry(3, 2)],
  "an entry that follows itself": [entry(1, 1)],
  "a parent that is not there": [entry(1, null), entry(2, 99), entry(3, 2)],
  "progress in between": [entry(1, null), entry(2, 1, "progress"), entry(3, 2, "assistant")],
  "an origin": [entry(1, null, "user", { origin: { kind: "x" } })],
  "junk in between": [entry(1, null), "{nope", "null", "7", "[]", '{"type":"user"}', entry(2, 1)],
};

for (const [name, lines] of Object.entries(CONVERSATIONS)) {
  agreement(`messages: ${name}`, () => agree(lines, [false, true]));
}

/** Fields that we add, and one of the SDK's whose meaning its types do not tell. */
function common(messages: readonly object[]): object[] {
  return messages.map((message) => {
    const {
      subtype: _,
      content: __,
      isCompletedLocalCommand: ___,
      ...rest
    } = plain(message) as Record<string, unknown>;
    return rest;
  });
}

async function agree(lines: readonly Line[], systems: readonly boolean[]): Promise<void> {
  const id = stored.put(lines);
  for (const includeSystemMessages of systems) {
    const ours = await collect(getSessionMessages(id, { configDir, includeSystemMessages }));
    const theirs = await sdk.getSessionMessages(id, { includeSystemMessages });
    assert.equal(common(ours), common(theirs));
  }
}

const step = fc.record({
  type: fc.constantFrom("user", "user", "assistant", "assistant", "assistant", "attachment", "system"),
  parent: fc.nat(12),
  follows: fc.boolean(),
  mark: fc.constantFrom(
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    { isSidechain: true },
    { isMeta: true },
    { teamName: "t" },
  ),
  message: fc.nat(3),
  toolResult: fc.boolean(),
  time: fc.nat(50),
});

agreement("messages: any tree", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const lines = steps.map(({ type, parent, follows, mark, message, toolResult, time }, index) => {
        const before = follows ? index - 1 : (parent % (index + 1)) - 1;
        const content = toolResult ? [{ type: "tool_result", tool_use_id: "x" }] : `text ${index}`;
        return entry(index, before < 0 ? null : before, type, {
          ...mark,
          timestamp: new Date(time * 1_000).toISOString(),
          ...(type === "assistant" && { message: { role: type, id: `msg_${message}`, content: "a" } }),
          ...(type === "user" && { message: { role: type, content } }),
        });
      });
      // With side chains at a branch's end the SDK may end one system message earlier.
      const simple = lines.every((line) => line.isSidechain === false && line.teamName === undefined);
      await agree(lines, simple ? [false, true] : [false]);
    }),
    { numRuns: 300 },
  );
});

const FORKS: readonly (readonly [name: string, lines: readonly Line[], upTo?: number])[] = [
  ["a conversation", before],
  ["up to a message", before, 6],
  ["branches", [...before, entry(8, 2), entry(9, 8, "assistant")]],
  ["up to a message of another branch", [...before, entry(8, 2), entry(9, 8, "assistant")], 7],
  ["a side chain", [...before, entry(8, 7, "user", { isSidechain: true }), entry(9, 7)]],
  [
    "progress",
    [entry(1, null), entry(2, 1, "progress"), entry(3, 2, "assistant"), entry(4, 3, "attachment")],
  ],
  ["a title", [...before, title, { type: "tag", tag: "t" }, { type: "mode", mode: "plan" }]],
  ["carried state", [...before, { type: "tools-used", tools: ["A"] }, { type: "tools-used", tools: ["B"] }]],
  ["a compaction", compacted({ trigger: "auto", preservedSegment: kept })],
  ["up to a summary", compacted({ trigger: "auto", preservedSegment: kept }), 4],
  ["up to a boundary", compacted({ trigger: "auto", preservedSegment: kept }), 3],
  ["up to what stands before a boundary", compacted({ trigger: "auto", preservedSegment: kept }), 7],
  ["a torn line", [...before, '{"typ']],
  [
    "fields of the source alone",
    [entry(1, null, "user", { slug: "s", sourceToolAssistantUUID: uuidOf(1), turnAttributionKey: "k" })],
  ],
];

for (const [name, lines, upTo] of FORKS) {
  agreement(`fork: ${name}`, async () => {
    const id = stored.put(lines);
    const options = upTo === undefined ? {} : { upToMessageId: uuidOf(upTo) };
    const ours = await forkSession(id, { ...options, configDir });
    const theirs = await sdk.forkSession(id, options);
    assert.equal(skeleton(ours.sessionId), skeleton(theirs.sessionId));
  });
}

/** The entries of a fork with numbers in place of what is different in each fork. */
function skeleton(sessionId: string): unknown[] {
  const entries = stored.entries(sessionId);
  const names = new Map<unknown, unknown>([[sessionId, "fork"]]);
  for (const { uuid, forkedFrom } of entries) {
    names.set(uuid, forkedFrom === undefined ? "own" : (forkedFrom as { messageUuid: string }).messageUuid);
  }
  return entries.map((line, index) => {
    const { timestamp, ...rest } = line;
    const last = index >= entries.findLastIndex(({ forkedFrom }) => forkedFrom !== undefined);
    if (line.forkedFrom === undefined) delete rest.uuid;
    const named = JSON.stringify(last ? rest : line, (_, value) => names.get(value) ?? value);
    return JSON.parse(named);
  });
}

agreement.run();
