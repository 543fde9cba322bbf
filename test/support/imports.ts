import {
  isExportDeclaration,
  isImportDeclaration,
  isLiteralTypeNode,
  isStringLiteralLikeNode,
  type Node,
  SyntaxKind,
} from "typescript/unstable/ast";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";

/** One import, re-export, dynamic `import()` or `import("…")` type of a source file. */
export interface ImportFact {
  /** File that imports, as named in the sources. */
  readonly file: string;
  /** Line of the import, from 1. */
  readonly line: number;
  /** What is imported, as written. */
  readonly specifier: string;
  /** True when the compiler removes it: `import type`, `export type`, `import("…")` within a type. */
  readonly typeOnly: boolean;
}

/** Parses TypeScript sources, given by path and text, with the compiler itself and lists what they import. */
export function readImports(sources: Readonly<Record<string, string>>): ImportFact[] {
  const files = Object.keys(sources);
  const config = { compilerOptions: { noLib: true, noResolve: true, types: [], module: "NodeNext" }, files };
  const virtual = Object.entries(sources).map(([path, text]) => [`/virtual/${path}`, text]);
  const api = new API({
    cwd: "/virtual",
    fs: createVirtualFileSystem({
      ...Object.fromEntries(virtual),
      "/virtual/tsconfig.json": JSON.stringify(config),
    }),
  });
  try {
    const project = api
      .updateSnapshot({ openProject: "/virtual/tsconfig.json" })
      .getProject("/virtual/tsconfig.json");
    return files.flatMap((file) => {
      const source = project?.program.getSourceFile(`/virtual/${file}`);
      if (source === undefined) throw new Error(`the compiler does not know ${file}`);
      return source.imports.filter(isStringLiteralLikeNode).map((specifier) => ({
        file,
        line: source.text.slice(0, specifier.getStart()).split("\n").length,
        specifier: specifier.text,
        typeOnly: isErased(specifier.parent),
      }));
    });
  } finally {
    api.close();
  }
}

function isErased(node: Node): boolean {
  // `import { type A }` is not erased: with verbatimModuleSyntax the module is still loaded.
  if (isImportDeclaration(node)) return node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
  if (isExportDeclaration(node)) return node.isTypeOnly;
  return isLiteralTypeNode(node);
}
