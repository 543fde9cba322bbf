import type { Readable } from "node:stream";

/** Calls `onLine` for every line of a stream, and `onEnd` once at its end; a last line needs no line feed. */
export function readLines(stream: Readable, onLine: (line: string) => void, onEnd: () => void): void {
  let parts: Buffer[] = [];
  const finishLine = () => {
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    onLine(line);
  };
  stream.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      finishLine();
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
  stream.once("end", () => {
    if (parts.length > 0) finishLine();
    onEnd();
  });
  // A broken stdin is an ended one; `end` does not come then.
  stream.once("error", onEnd);
}

/** The text of a user message of the wire. */
export function promptText(message: unknown): string {
  const content = isRecord(message) ? message.content : undefined;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((block: unknown) => (isRecord(block) && typeof block.text === "string" ? [block.text] : []))
    .join("\n");
}

/** True for an object, also an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
