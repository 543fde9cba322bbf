/**
 * The child of a measurement, the same for all peers: `node flood-program.js <FloodPlan as JSON>`.
 *
 * It makes its frames before it reads stdin, answers control requests, and at each user message writes them from
 * memory, in large blocking writes, so that the reader is what is measured. It ends at the end of stdin.
 */

import { renameSync, writeFileSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { FrameDigest } from "../payload/digest.js";
import { payloadFrames } from "../payload/payload.js";
import type { FloodManifest, FloodPlan, FloodWritten } from "./flood.js";

const STDOUT = 1;
const BLOCK_BYTES = 1024 * 1024;
/** How long to wait when the pipe is full and does not block. */
const FULL_PIPE_PAUSE_MS = 1;

const { payload, manifestFile, writtenFile }: FloodPlan = JSON.parse(process.argv[2] ?? "{}");
const digest = new FrameDigest();
const blocks = makeBlocks();
const manifest: FloodManifest = digest.end();
publish(manifestFile, manifest);

let turns = 0;
const input = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
input.on("line", (line) => {
  const message: { type?: string; request_id?: string; request?: { subtype?: string } } = JSON.parse(line);
  if (message.type === "user") writeTurn();
  else if (message.type === "control_request") answer(message.request_id, message.request?.subtype);
});
input.once("close", () => process.exit(0));

function makeBlocks(): Buffer[] {
  const made: Buffer[] = [];
  let lines: Buffer[] = [];
  let size = 0;
  const close = () => {
    made.push(Buffer.concat(lines));
    lines = [];
    size = 0;
  };
  for (const frame of payloadFrames(payload)) {
    const line = Buffer.from(`${JSON.stringify(frame)}\n`);
    digest.addLine(line, frame);
    lines.push(line);
    size += line.length;
    if (size >= BLOCK_BYTES) close();
  }
  if (size > 0) close();
  return made;
}

function writeTurn(): void {
  const began = performance.now();
  for (const block of blocks) write(block);
  turns += 1;
  const written: FloodWritten = {
    turn: turns,
    ms: performance.now() - began,
    endedAt: performance.timeOrigin + performance.now(),
    ...manifest,
  };
  publish(writtenFile, written);
}

function answer(requestId: string | undefined, subtype: string | undefined): void {
  const response =
    subtype === "initialize" ? { commands: [], models: [], output_style: "default", account: {} } : {};
  const body = { subtype: "success", request_id: requestId, response };
  write(Buffer.from(`${JSON.stringify({ type: "control_response", response: body })}\n`));
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STDOUT, bytes, at);
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") process.exit(1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Whoever sees the file sees all of it. */
function publish(file: string, content: object): void {
  writeFileSync(`${file}.part`, JSON.stringify(content));
  renameSync(`${file}.part`, file);
}
