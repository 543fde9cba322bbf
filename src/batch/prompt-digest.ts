import { createHash } from "node:crypto";
import type { BatchPrompt } from "./batch-prompt.js";

/**
 * Sixteen hexadecimal digits that tell whether a prompt asks the same as before: its text and whatever changes the
 * answer. Deadline and metadata do not; a failed prompt can be given more time.
 */
export function promptDigest(prompt: BatchPrompt): string {
  const { model, systemPrompt, cwd, allowedTools, jsonSchema } = prompt;
  const asked = [prompt.prompt, model, systemPrompt, cwd, allowedTools, jsonSchema];
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
}
