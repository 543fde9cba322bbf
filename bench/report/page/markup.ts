/** HTML as text, with everything escaped that is put into it. */

/** Text that is HTML already. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What can be put into a template: text is escaped, lists are joined, undefined is nothing. */
export type Content = Markup | string | number | undefined | readonly Content[];

/** A template whose values cannot break out of where they stand, be it content or a quoted attribute. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.reduce((text, part, index) => text + (index === 0 ? "" : render(values[index - 1])) + part, ""),
  );
}

function render(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(render).join("");
  return String(content).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value as JSON for a data `<script>`, which no string in it can end. */
export function jsonData(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
