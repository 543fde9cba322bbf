import type { Readable } from "node:stream";
import { InvalidArgumentError } from "../errors.js";

/** Where a prompt can be read from. */
export type PromptInput = Readable & { readonly isTTY?: boolean };

/**
 * The prompt: the argument, or all of stdin when that is `-`, or when there is no argument and stdin is no terminal.
 * @throws InvalidArgumentError when there is none, or an empty one.
 */
export async function readPrompt(argument: string | undefined, stdin: PromptInput): Promise<string> {
  if (argument === undefined && stdin.isTTY === true) {
    throw new InvalidArgumentError(
      'No prompt: give one, as in `claude-offthread query "…"`, or pipe one in.',
    );
  }
  const prompt = argument === undefined || argument === "-" ? await readAll(stdin) : argument;
  if (prompt.trim() !== "") return prompt;
  throw new InvalidArgumentError(
    prompt === argument ? "The prompt is empty." : "The prompt on stdin is empty.",
  );
}

async function readAll(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}
