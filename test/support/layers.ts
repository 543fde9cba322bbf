import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { type ImportFact, readImports } from "./imports.js";

interface Layer {
  /** Layers it may import, beside itself. */
  readonly layers: readonly string[];
  /** Layers of which it may import types alone. */
  readonly types?: readonly string[];
  /** npm packages it may import. */
  readonly npm?: readonly string[];
  /** Whether it may import Node's built-ins. */
  readonly node?: true;
}

/** Who may import what. A file of src/ belongs to the layer of its folder, or of its name at the top. */
const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { layers: [] },
  "abort-signal": { layers: [] },
  "byte-lines": { layers: [] },
  "utf8-text": { layers: [], node: true },
  options: { layers: ["errors"] },
  protocol: { layers: ["errors"], npm: ["valibot"] },
  launch: { layers: ["errors"], npm: ["execa", "which"], node: true },
  process: { layers: ["errors"], node: true },
  "handler-call": { layers: ["abort-signal", "errors"] },
  hooks: { layers: ["handler-call", "protocol", "options", "errors"] },
  schema: { layers: ["errors"], npm: ["@standard-schema/spec", "@valibot/to-json-schema", "valibot"] },
  mcp: {
    layers: ["schema", "options", "abort-signal", "errors"],
    npm: ["@standard-schema/spec", "valibot"],
    node: true,
  },
  policy: { layers: ["protocol", "errors"], npm: ["unbash"], node: true },
  approvals: { layers: ["hooks", "handler-call", "protocol", "errors"] },
  channel: {
    layers: ["hooks", "policy", "protocol", "errors", "options", "utf8-text"],
    types: ["launch"],
    npm: ["comlink"],
    node: true,
  },
  codec: { layers: ["channel", "protocol", "errors", "utf8-text"], node: true },
  pool: {
    layers: ["channel", "protocol", "launch", "process", "options", "abort-signal", "errors"],
    npm: ["piscina", "comlink"],
    node: true,
  },
  client: {
    layers: [
      "pool",
      "codec",
      "channel",
      "policy",
      "approvals",
      "hooks",
      "mcp",
      "schema",
      "protocol",
      "launch",
      "options",
      "abort-signal",
      "errors",
    ],
    npm: ["@standard-schema/spec"],
    node: true,
  },
  batch: {
    layers: [
      "client",
      "approvals",
      "pool",
      "channel",
      "protocol",
      "launch",
      "process",
      "options",
      "byte-lines",
      "utf8-text",
      "errors",
    ],
    npm: ["csv-parse", "p-retry", "valibot"],
    node: true,
  },
  testing: { layers: ["protocol", "launch", "errors"], node: true },
  sessions: { layers: ["pool", "channel", "options", "abort-signal", "errors"], node: true },
  index: {
    layers: [
      "batch",
      "client",
      "sessions",
      "pool",
      "channel",
      "policy",
      "approvals",
      "hooks",
      "mcp",
      "schema",
      "protocol",
      "launch",
      "options",
      "errors",
    ],
  },
  command: {
    layers: [
      "index",
      "batch",
      "client",
      "sessions",
      "pool",
      "channel",
      "policy",
      "approvals",
      "hooks",
      "protocol",
      "launch",
      "options",
      "errors",
      "testing",
    ],
    npm: ["commander", "log-update"],
    node: true,
  },
  workers: {
    layers: [
      "codec",
      "channel",
      "policy",
      "approvals",
      "hooks",
      "protocol",
      "process",
      "options",
      "byte-lines",
      "utf8-text",
      "errors",
    ],
    types: ["launch"],
    npm: ["execa", "comlink", "valibot"],
    node: true,
  },
};

const ADVICE =
  "move the code to a layer that may, pass the value in from above, or change LAYERS in test/support/layers.ts";

/** Everything that breaks a rule, one sentence each, with the file, the import and what to do about it. */
export function findViolations(
  sources: Readonly<Record<string, string>>,
  dependencies: readonly string[],
): string[] {
  const strays = Object.keys(sources).filter((file) => layerOf(file) === undefined);
  if (strays.length > 0) {
    return strays.map(
      (file) => `${file} belongs to no layer: move it, or add its folder to LAYERS in test/support/layers.ts`,
    );
  }
  const facts = readImports(sources);
  return [...facts.flatMap((fact) => judgeImport(fact, dependencies)), ...findCircles(facts)];
}

function judgeImport(fact: ImportFact, dependencies: readonly string[]): string[] {
  const { file, line, specifier, typeOnly } = fact;
  const where = `${file}:${line} imports "${specifier}"`;
  const name = layerOf(file) ?? "";
  const layer = LAYERS[name] ?? { layers: [] };
  if (specifier.startsWith(".")) {
    const target = resolveImport(fact);
    const below = layerOf(target);
    if (below === undefined || (below === "workers" && name !== "workers")) {
      return [
        `${where}: src/ and workers/ may not import ${target}; src/ knows worker files by their URL alone`,
      ];
    }
    if (below === name || layer.layers.includes(below)) return [];
    if (layer.types?.includes(below)) {
      return typeOnly ? [] : [`${where}: ${name} may import types alone from ${below}; write "import type"`];
    }
    return [`${where}: ${name} may not import ${below}, only ${listed(layer.layers)}; ${ADVICE}`];
  }
  if (isBuiltin(specifier)) {
    return layer.node ? [] : [`${where}: ${name} is pure and may not import Node's built-ins; ${ADVICE}`];
  }
  const dependency = packageOf(specifier);
  const problems: string[] = [];
  if (!layer.npm?.includes(dependency)) {
    problems.push(`${where}: ${name} may not import ${dependency}, only ${listed(layer.npm)}; ${ADVICE}`);
  }
  if (!dependencies.includes(dependency)) {
    problems.push(
      `${where}: ${dependency} is not in the "dependencies" of package.json, so users would miss it`,
    );
  }
  return problems;
}

/** Files that need each other while they load. Types are gone by then, so type-only imports are left out. */
function findCircles(facts: readonly ImportFact[]): string[] {
  const graph = new Map<string, string[]>();
  for (const fact of facts) {
    if (fact.typeOnly || !fact.specifier.startsWith(".")) continue;
    graph.set(fact.file, [...(graph.get(fact.file) ?? []), resolveImport(fact)]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const circle = [...path.slice(start), file].join(" -> ");
      circles.push(
        `${circle} is a circle: move what they share to a file of its own, or import the type alone`,
      );
    }
    if (start >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

function layerOf(path: string): string | undefined {
  const [folder, next = ""] = path.split("/");
  const name = folder === "src" ? next.replace(/\.ts$/, "") : folder;
  return name !== undefined && Object.hasOwn(LAYERS, name) && (name === "workers") === (folder === "workers")
    ? name
    : undefined;
}

function resolveImport({ file, specifier }: ImportFact): string {
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function listed(names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? "nothing" : names.join(", ");
}
