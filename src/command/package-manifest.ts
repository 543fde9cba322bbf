import { createRequire } from "node:module";

/** What the command needs to know of its own package. */
export interface PackageManifest {
  readonly version: string;
  /** The range in `engines.node`, such as `>=20`. */
  readonly nodeRange: string;
}

/** Reads the package.json of this package. */
export function readManifest(): PackageManifest {
  const manifest: { version: string; engines: { node: string } } = createRequire(import.meta.url)(
    "../../../package.json",
  );
  return { version: manifest.version, nodeRange: manifest.engines.node };
}
