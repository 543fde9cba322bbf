/** Inputs of the tools that read, write and search files. Mirrors `sdk-tools.d.ts` of the agent SDK. */
import * as v from "valibot";
import { open } from "./wire-schema.js";

const text = v.nullish(v.string());
const count = v.nullish(v.number());
const flag = v.nullish(v.boolean());

const edit = {
  old_string: v.string(),
  new_string: v.string(),
  replace_all: flag,
} as const;

/** Inputs of the file tools, by the tool's name. Paths are absolute. */
export const fileToolInputSchemas = {
  Read: v.looseObject({
    file_path: v.string(),
    /** Line to begin at, counted from 1. */
    offset: count,
    /** Number of lines. */
    limit: count,
    /** Pages of a PDF, for example `1-5`. */
    pages: text,
    allow_large: flag,
  }),
  Write: v.looseObject({ file_path: v.string(), content: v.string() }),
  Edit: v.looseObject({ file_path: v.string(), ...edit }),
  MultiEdit: v.looseObject({ file_path: v.string(), edits: v.array(v.looseObject(edit)) }),
  NotebookEdit: v.looseObject({
    notebook_path: v.string(),
    new_source: v.string(),
    cell_id: text,
    cell_type: v.nullish(open<"code" | "markdown">()),
    edit_mode: v.nullish(open<"replace" | "insert" | "delete">()),
  }),
  NotebookRead: v.looseObject({ notebook_path: v.string() }),
  LS: v.looseObject({ path: v.string() }),
  Glob: v.looseObject({ pattern: v.string(), path: text }),
  Grep: v.looseObject({
    pattern: v.string(),
    path: text,
    glob: text,
    type: text,
    output_mode: v.nullish(open<"content" | "files_with_matches" | "count">()),
    "-A": count,
    "-B": count,
    "-C": count,
    context: count,
    "-i": flag,
    "-n": flag,
    "-o": flag,
    multiline: flag,
    head_limit: count,
    offset: count,
  }),
} as const;
