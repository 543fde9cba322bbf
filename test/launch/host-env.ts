/** Runs a function with some of the host's variables set or (undefined) unset, and puts them back. */
export function withHostEnv<T>(variables: Record<string, string | undefined>, run: () => T): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const apply = (entries: Iterable<readonly [string, string | undefined]>) => {
    for (const [name, value] of entries) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(Object.entries(variables));
  try {
    return run();
  } finally {
    apply(before);
  }
}

/** Values for `withHostEnv` under which a builder has nothing to leave out. */
export const PLAIN_HOST = { NODE_OPTIONS: undefined, DEBUG: undefined };
