import type { Report } from "./report.js";

/** The whole report with its raw rounds, indented, with a line feed at its end. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
