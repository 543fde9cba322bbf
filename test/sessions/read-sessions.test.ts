import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  getSessionInfo,
  getSessionMessages,
  getSubagentMessages,
  listSessions,
  listSubagents,
} from "../../src/sessions/read-sessions.js";
import { rejects } from "../support/rejects.js";
import {
  collect,
  entry,
  numbersOf,
  readAll,
  StoredSessions,
  TALK,
  transcriptText,
  UNKNOWN,
  uuidOf,
} from "../support/stored-sessions.js";

const read = suite("reading stored sessions");

const stored = new StoredSessions();
const { configDir } = stored;
const messagesOf = (id: string, more = {}) => readAll(configDir, id, more);
read.after(() => stored[Symbol.dispose]());

read("parts of large messages are values like others", async () => {
  const text = `é${"x".repeat(300_000)}`;
  const content = [{ type: "tool_result", tool_use_id: "t", content: text }];
  const message = { role: "user", content };
  const id = stored.put([entry(1, null, "user", { message }), entry(2, 1, "assistant")]);
  const [large, small] = await collect(getSessionMessages(id, { configDir }));
  assert.equal(large?.message, message);
  assert.equal(JSON.parse(JSON.stringify(large)).message, message);
  assert.is(small?.uuid, uuidOf(2));
});

read("a part of the messages", async () => {
  const id = stored.put(TALK);
  assert.equal((await messagesOf(id, { offset: 1, limit: 2 })).numbers, [3, 5]);
  assert.equal((await messagesOf(id, { limit: 0 })).numbers, []);
  assert.equal((await messagesOf(id, { offset: 9 })).numbers, []);
});

read("a file that is cut off or removed while it is read ends the messages, or changes nothing", async () => {
  const big = "x".repeat(400_000);
  const lines = Array.from({ length: 20 }, (_, index) =>
    entry(index + 1, index === 0 ? null : index, "user", { message: { role: "user", content: big } }),
  );
  for (const [harm, all] of [
    [(file: string) => truncateSync(file, 4_000_000), false],
    [(file: string) => rmSync(file), true],
    [(file: string) => appendFileSync(file, '{"parentUuid":"x"'), true],
  ] as const) {
    const id = stored.put(lines);
    const seen = [];
    for await (const message of getSessionMessages(id, { configDir })) {
      if (seen.length === 0) harm(stored.file(id));
      seen.push(message);
    }
    assert.equal(
      numbersOf(seen),
      seen.map((_, index) => index + 1),
    );
    assert.is(seen.length === 20, all);
  }
});

read("what no session is", async () => {
  using other = new StoredSessions();
  const place = { configDir: other.configDir };
  mkdirSync(other.file("11111111-0000-4000-8000-000000000001"));
  writeFileSync(join(other.project, "agent-abc.jsonl"), transcriptText([entry(1, null)], UNKNOWN));
  writeFileSync(join(other.project, "notes.jsonl"), "x");
  writeFileSync(join(other.configDir, "projects", "a-file"), "x");
  const id = other.put([entry(1, null)]);
  symlinkSync(other.file(id), other.file("22222222-0000-4000-8000-000000000002"));
  symlinkSync("nowhere", other.file("33333333-0000-4000-8000-000000000003"));
  const ids = (await collect(listSessions(place))).map(({ sessionId }) => sessionId);
  assert.equal(ids.sort(), [id, "22222222-0000-4000-8000-000000000002"].sort());
  const folder = await rejects<{ code: string; errno: string }>(
    getSessionInfo("11111111-0000-4000-8000-000000000001", place),
  );
  assert.equal([folder.code, folder.errno], ["SESSION_FILE_FAILED", "EISDIR"]);
});

read("files that may not be read", async () => {
  // Permissions do not bind root.
  if (process.getuid?.() === 0) return;
  const id = stored.put(TALK);
  chmodSync(stored.file(id), 0);
  const error = await rejects<{ code: string; errno: string }>(
    collect(getSessionMessages(id, { configDir })),
  );
  assert.equal([error.code, error.errno], ["SESSION_FILE_FAILED", "EACCES"]);
  assert.not.ok((await collect(listSessions({ configDir }))).some(({ sessionId }) => sessionId === id));
});

read("sessions and subagents that do not exist", async () => {
  const id = stored.put(TALK);
  assert.is(await getSessionInfo(UNKNOWN, { configDir }), undefined);
  assert.equal(await collect(listSubagents(id, { configDir })), []);
  for (const list of [
    getSessionMessages(UNKNOWN, { configDir }),
    getSessionMessages(id, { configDir, dir: "/elsewhere" }),
    listSubagents(UNKNOWN, { configDir }),
    getSubagentMessages(id, "abc", { configDir }),
  ]) {
    assert.is((await rejects<{ code: string }>(collect<unknown>(list))).code, "SESSION_NOT_FOUND");
  }
});

const IMPOSSIBLE = [
  "",
  "../../etc/passwd",
  `../${UNKNOWN}`,
  `${UNKNOWN}/..`,
  `${UNKNOWN}\0`,
  "x".repeat(36),
  7,
];

read("ids that could lead elsewhere are refused", async () => {
  for (const id of IMPOSSIBLE as string[]) {
    assert.throws(() => getSessionMessages(id, { configDir }), hasCode("INVALID_ARGUMENT"));
    assert.throws(() => listSubagents(id, { configDir }), hasCode("INVALID_ARGUMENT"));
    assert.is((await rejects<{ code: string }>(getSessionInfo(id, { configDir }))).code, "INVALID_ARGUMENT");
  }
  for (const id of ["", "../x", "a/b", "a.b", "x".repeat(200)]) {
    assert.throws(() => getSubagentMessages(UNKNOWN, id, { configDir }), hasCode("INVALID_ARGUMENT"));
  }
  for (const page of [{ limit: -1 }, { limit: 1.5 }, { offset: -1 }, { offset: Number.NaN }]) {
    assert.throws(() => listSessions({ configDir, ...page }), hasCode("INVALID_ARGUMENT"));
  }
  assert.throws(
    () => getSessionMessages(UNKNOWN, { configDir, maxLineBytes: 0 }),
    hasCode("INVALID_ARGUMENT"),
  );
});

function hasCode(code: string) {
  return (error: unknown) => (error as { code?: unknown }).code === code;
}

read("nested subagents, and what is beside them", async () => {
  const id = stored.put(TALK);
  const folder = join(stored.project, id, "subagents");
  mkdirSync(join(folder, "workflow"), { recursive: true });
  const own = { isSidechain: true, agentId: "b" };
  const text = transcriptText([entry(1, null, "user", own), entry(2, 1, "assistant", own)], id);
  writeFileSync(join(folder, "agent-b.jsonl"), text);
  writeFileSync(
    join(folder, "agent-b.meta.json"),
    JSON.stringify({ agentType: "Explore", toolUseId: "t", parentAgentId: "c" }),
  );
  writeFileSync(join(folder, "workflow", "agent-a.jsonl"), text);
  writeFileSync(join(folder, "workflow", "agent-a.meta.json"), "{torn");
  writeFileSync(join(folder, "other.jsonl"), text);
  const found = await collect(listSubagents(id, { configDir }));
  assert.equal(
    found.map(({ lastModified: _, fileSize, ...rest }) => ({ ...rest, whole: fileSize === text.length })),
    [
      { agentId: "a", whole: true },
      { agentId: "b", agentType: "Explore", toolUseId: "t", parentAgentId: "c", whole: true },
    ],
  );
  const messages = await collect(getSubagentMessages(id, "b", { configDir }));
  assert.equal(numbersOf(messages), [1, 2]);
  assert.equal([messages[0]?.parent_tool_use_id, messages[0]?.parent_agent_id], ["t", "c"]);
});

read("a first prompt far from the beginning is found", async () => {
  const pad = "x".repeat(1_000);
  const filler = Array.from({ length: 100 }, (_, index) =>
    entry(10 + index, 9 + index, "assistant", { pad }),
  );
  const deep = stored.put([{ type: "mode", pad: pad.repeat(70) }, entry(9, null), ...filler]);
  assert.is((await getSessionInfo(deep, { configDir }))?.firstPrompt, "text 9");
  const huge = { message: { role: "user", content: "p".repeat(100_000) } };
  const long = stored.put([entry(9, null, "user", huge), ...filler]);
  assert.is((await getSessionInfo(long, { configDir }))?.firstPrompt, `${"p".repeat(200)}…`);
});

read("the folder is that of the environment unless it is named", async () => {
  using other = new StoredSessions();
  const id = other.put([entry(1, null)]);
  const { CLAUDE_CONFIG_DIR } = process.env;
  process.env.CLAUDE_CONFIG_DIR = other.configDir;
  try {
    assert.equal(
      (await collect(listSessions())).map(({ sessionId }) => sessionId),
      [id],
    );
  } finally {
    if (CLAUDE_CONFIG_DIR === undefined) delete process.env.CLAUDE_CONFIG_DIR;
    else process.env.CLAUDE_CONFIG_DIR = CLAUDE_CONFIG_DIR;
  }
});

read.run();
