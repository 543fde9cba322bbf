/** Running a schema for its verdict alone. */
import * as v from "valibot";

/** One field that does not fit. Says nothing of the value but its kind, so that it may be logged. */
export interface FieldIssue {
  /** Where, in dots: `message.content.0.text`. Empty for the value as a whole. */
  readonly path: string;
  /** What was expected and what kind of value was there. */
  readonly message: string;
}

/**
 * The issues of a value, none if it fits. Never throws: what a getter throws, or a nesting that is too deep
 * for the stack, is an issue too.
 */
export function check(schema: v.GenericSchema, value: unknown): readonly FieldIssue[] {
  try {
    const result = v.safeParse(schema, value);
    return result.success ? [] : result.issues.map(toFieldIssue);
  } catch (error) {
    return [
      { path: "", message: `could not be read: ${error instanceof Error ? error.message : "unknown error"}` },
    ];
  }
}

function toFieldIssue(issue: v.BaseIssue<unknown>): FieldIssue {
  const path = v.getDotPath(issue) ?? "";
  // Valibot's own message quotes the value, which may be long or secret.
  return { path, message: `expected ${issue.expected ?? "another value"}, got ${kindOf(issue)}` };
}

function kindOf(issue: v.BaseIssue<unknown>): string {
  const { input } = issue;
  if (input === undefined) return "nothing";
  if (input === null) return "null";
  return Array.isArray(input) ? "an array" : `a value of type ${typeof input}`;
}
