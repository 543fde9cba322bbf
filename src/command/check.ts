/** How a check came out: `warn` for what works but should be known. */
export type CheckStatus = "ok" | "warn" | "fail";

/** One line of the doctor's report. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, and what to do about it if it is not good. */
  readonly detail: string;
}

/** A check that is good. */
export function ok(name: string, detail: string): Check {
  return { name, status: "ok", detail };
}

/** A check that found something worth knowing. */
export function warn(name: string, detail: string): Check {
  return { name, status: "warn", detail };
}

/** A check that found something broken. */
export function fail(name: string, detail: string): Check {
  return { name, status: "fail", detail };
}
