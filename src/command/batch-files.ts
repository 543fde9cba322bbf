/** The two files of a batch: where its prompts come from, where its outcomes go. */

import { realpath } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { openPromptFile, type PromptFile, streamedPrompts } from "../batch/prompt-file.js";
import { formatByEnding, type RowFormat, readRows } from "../batch/rows/read-rows.js";
import type { ReadRow } from "../batch/rows/row.js";
import { InvalidArgumentError, OutputError } from "../errors.js";
import type { BatchFlags } from "./batch-flags.js";
import type { PromptInput } from "./prompt-source.js";

/** The rows of an input, and whether they can be read twice. */
export interface BatchSource {
  /** The input's name, for messages. */
  readonly name: string;
  readonly rereadable: boolean;
  /** Reads from the start. */
  rows(): AsyncIterable<ReadRow>;
}

/**
 * Opens the input: the file that is named, or stdin.
 * @throws InvalidArgumentError when there is none, or what it is cannot be told; BadInputError when it cannot be read.
 */
export async function openSource(
  input: string | undefined,
  flags: BatchFlags,
  stdin: PromptInput,
): Promise<BatchSource> {
  if (input === undefined && stdin.isTTY === true) {
    throw new InvalidArgumentError("No prompts: name a file of them, or pipe them in.");
  }
  const file =
    input === undefined || input === "-" ? streamedPrompts("stdin", stdin) : await openPromptFile(input);
  const format = formatOf(file, input, flags);
  if (format !== "csv" && (flags.template !== undefined || flags.idColumn !== undefined)) {
    throw new InvalidArgumentError(
      `--template and --id-column are for CSV, and ${file.name} is read as ${format}; --format csv changes that.`,
    );
  }
  const { name, rereadable } = file;
  const { template, idColumn } = flags;
  const options = {
    file: name,
    ...(template === undefined ? {} : { template }),
    ...(idColumn === undefined ? {} : { idColumn }),
  };
  return { name, rereadable, rows: () => readRows(file.chunks(), format, options) };
}

function formatOf(file: PromptFile, input: string | undefined, { format }: BatchFlags): RowFormat {
  if (format !== undefined) return format;
  if (input === undefined || input === "-") return "jsonl";
  const ending = extname(input).toLowerCase();
  const known = formatByEnding(ending);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(
    `What ${file.name} is cannot be told by its ending; say so with --format jsonl, csv or lines.`,
  );
}

/**
 * The real path of the results, so that no link leads a second run past the lock.
 * @throws OutputError when its folder does not exist; InvalidArgumentError when it is the input or stdout.
 */
export async function resolveOutput(output: string, input: string | undefined): Promise<string> {
  if (output === "-") {
    throw new InvalidArgumentError("The results need a file: a later run goes on from what it records.");
  }
  const path = await realpath(output).catch(async () => {
    try {
      return join(await realpath(dirname(output)), basename(output));
    } catch {
      throw new OutputError(`${output} cannot be written: the folder ${dirname(output)} does not exist.`, {
        file: output,
        errno: "ENOENT",
      });
    }
  });
  if (input !== undefined && input !== "-" && (await realpath(input).catch(() => undefined)) === path) {
    throw new InvalidArgumentError(`${output} is the input; the results need a file of their own.`);
  }
  return path;
}
