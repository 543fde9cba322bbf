import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { claudeOutputSchema, parseMessage } from "../../src/protocol/index.js";
import { withGetters } from "./copies.js";

/** Every line of every file is a frame as the real CLI wrote it. */
const FOLDER = fileURLToPath(new URL("../../../test/fixtures/corpus/", import.meta.url));

interface Recorded {
  /** File and line, to find a frame that fails. */
  readonly at: string;
  readonly line: string;
}

function readCorpus(): readonly Recorded[] {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl")) : [];
  return files.sort().flatMap((file) =>
    readFileSync(`${FOLDER}${file}`, "utf8")
      .split("\n")
      .map((line, index) => ({ at: `${file}:${index + 1}`, line }))
      .filter(({ line }) => line.trim() !== ""),
  );
}

/** The names that tell what a frame is, from the outside in. */
function kindOf(frame: object): string {
  const names = [Reflect.get(frame, "type"), Reflect.get(frame, "subtype")];
  for (const field of ["event", "request", "response"]) {
    const inner: unknown = Reflect.get(frame, field);
    if (typeof inner !== "object" || inner === null) continue;
    names.push(Reflect.get(inner, "type") ?? Reflect.get(inner, "subtype"));
  }
  return names.filter((name) => typeof name === "string").join("/");
}

const frames = readCorpus();
const corpus = suite("corpus");

corpus("there are recorded frames", () => {
  assert.ok(
    frames.length > 0,
    "no frames in test/fixtures/corpus/*.jsonl: record them from the real CLI, this test proves nothing without",
  );
});

corpus("every frame is known", () => {
  const failures = frames.flatMap(({ at, line }) => {
    const parsed = parseMessage(JSON.parse(line));
    return parsed.kind === "known" ? [] : [`${at}: ${JSON.stringify(parsed).slice(0, 300)}`];
  });
  assert.equal(failures, []);
});

corpus("every frame encodes to what it was, checked or copied by the schema", () => {
  for (const { at, line } of frames) {
    const frame: unknown = JSON.parse(line);
    const plain = JSON.stringify(frame);
    const parsed = parseMessage(frame);
    assert.ok(parsed.kind === "known", at);
    assert.is(JSON.stringify(parsed.message), plain, at);
    assert.equal(v.parse(claudeOutputSchema, frame), JSON.parse(line), at);
    assert.is(JSON.stringify(withGetters(frame)), plain, at);
  }
});

corpus("shows what it covers", () => {
  const counts = new Map<string, number>();
  for (const { line } of frames) {
    const kind = kindOf(JSON.parse(line));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const lines = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `  ${count} ${kind}`);
  console.log(`\ncorpus: ${frames.length} frames of ${counts.size} kinds\n${lines.join("\n")}`);
});

corpus.run();
