/**
 * A program: records frames of the real CLI, offline, as fixtures. `node dist/test/support/capture-corpus.js [topic...]`
 *
 * Writes test/fixtures/corpus/<topic>.jsonl, one frame of each kind, and tells which of them the protocol does not
 * know. Takes about a minute.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseMessage } from "../../src/protocol/index.js";
import { kindOf, oneOfEach } from "./corpus/neutral.js";
import { type Line, record } from "./corpus/recorder.js";
import type { Topic } from "./corpus/topic.js";
import { TOPICS } from "./corpus/topics.js";

const FOLDER = fileURLToPath(new URL("../../../test/fixtures/corpus/", import.meta.url));

async function recordTopic({ name, runs }: Topic): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { options, scenario } of runs) {
    const recording = await record(options, scenario);
    lines.push(...recording.lines);
    if ("failure" in recording) console.log(`${name}: a run broke off: ${String(recording.failure)}`);
  }
  return lines;
}

function tellStrangers(lines: readonly Line[]): void {
  for (const { text, frame } of lines) {
    const parsed = parseMessage(frame);
    if (parsed.kind === "known") continue;
    const issues = parsed.kind === "invalid" ? `: ${JSON.stringify(parsed.issues)}` : "";
    console.log(`  ${parsed.kind} to the protocol: ${kindOf(frame)}${issues}\n  ${text}`);
  }
}

const wanted = process.argv.slice(2);
const seen = new Set<string>();
mkdirSync(FOLDER, { recursive: true });
for (const topic of TOPICS) {
  if (wanted.length > 0 && !wanted.includes(topic.name)) continue;
  const lines = await recordTopic(topic);
  const kept = oneOfEach(lines, seen);
  const text = kept.map((line) => `${line.text}\n`).join("");
  writeFileSync(join(FOLDER, `${topic.name}.jsonl`), text);
  console.log(`${topic.name}: ${kept.length} of ${lines.length} frames, ${text.length} characters`);
  tellStrangers(kept);
}
