import * as v from "valibot";
import type { Prompt } from "../../client/turns.js";
import { lineId, type Row } from "./row.js";

const Id = v.pipe(
  v.union([v.string("it must be a text or a number"), v.pipe(v.number(), v.integer())]),
  v.transform(String),
  v.nonEmpty("it is empty"),
);
const Filled = v.pipe(v.string("it must be a text"), v.nonEmpty("it is empty"));
const Asked = v.custom<Prompt>(isPrompt, "it must be a text that is not empty, or a list of content blocks");
/** The longest delay that a timer can hold, in milliseconds. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

const FIELDS = v.strictObject({
  id: v.exactOptional(Id),
  custom_id: v.exactOptional(Id),
  prompt: Asked,
  model: v.exactOptional(Filled),
  systemPrompt: v.exactOptional(v.string("it must be a text")),
  cwd: v.exactOptional(Filled),
  allowedTools: v.exactOptional(v.array(Filled, "it must be a list of texts")),
  jsonSchema: v.exactOptional(
    v.custom<string | object>(isSchema, "it must be a JSON Schema, as an object or as a text"),
  ),
  timeoutMs: v.exactOptional(
    v.pipe(
      v.number("it must be a number"),
      v.minValue(1, "it must be at least 1"),
      v.maxValue(LONGEST_TIMEOUT_MS, `it must be at most ${LONGEST_TIMEOUT_MS}`),
    ),
  ),
  metadata: v.exactOptional(v.unknown()),
});

const NAMES = Object.keys(FIELDS.entries).join(", ");

/** The prompt that a JSON value stands for, or what is wrong with it. */
export function promptOf(value: unknown, line: number): Row["prompt"] | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is no JSON object";
  if (!("prompt" in value)) return 'it has no "prompt"';
  const checked = v.safeParse(FIELDS, value);
  if (!checked.success) return complaint(checked.issues[0]);
  const { id, custom_id, prompt, ...overrides } = checked.output;
  if (id !== undefined && custom_id !== undefined) return 'it has both "id" and "custom_id"';
  return { ...overrides, prompt, id: id ?? custom_id ?? lineId(line) };
}

function complaint(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  // A misspelt override would run the whole batch without it.
  if (issue.type === "strict_object") return `it has an unknown field "${path}"; known are ${NAMES}`;
  return `"${path}": ${issue.message}`;
}

function isPrompt(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return Array.isArray(value) && value.length > 0 && value.every(isBlock);
}

function isSchema(value: unknown): boolean {
  return typeof value === "string"
    ? value !== ""
    : typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBlock(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
