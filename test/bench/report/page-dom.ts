import { type DefaultTreeAdapterTypes, parse } from "parse5";

/** An element of a parsed page. */
export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

/** A page as a browser parses it, and what is wrong with it. */
export interface ParsedPage {
  readonly root: DefaultTreeAdapterTypes.Document;
  /** Codes of the HTML standard's parse errors. */
  readonly errors: readonly string[];
}

/** Parses a whole page. */
export function parsePage(html: string): ParsedPage {
  const errors: string[] = [];
  const root = parse(html, {
    onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`),
  });
  return { root, errors };
}

/** All elements below a node in their order; with `name` those of that name alone. */
export function elementsIn(node: Node, name?: string): Element[] {
  if (!("childNodes" in node)) return [];
  return node.childNodes.flatMap((child) => {
    const own = "tagName" in child && (name === undefined || child.tagName === name) ? [child] : [];
    return [...own, ...elementsIn(child, name)];
  });
}

/** Elements that have a class. */
export function withClass(node: Node, name: string): Element[] {
  return elementsIn(node).filter((element) => attribute(element, "class")?.split(" ").includes(name));
}

/** An attribute's value; undefined when the element has none of that name. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

/** All text below a node. */
export function textIn(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textIn).join("") : "";
}

/** The cells of all rows below a node as text. */
export function rowsIn(node: Node): string[][] {
  return elementsIn(node, "tr").map((row) =>
    elementsIn(row)
      .filter(({ tagName }) => tagName === "td" || tagName === "th")
      .map((cell) => textIn(cell).trim()),
  );
}
