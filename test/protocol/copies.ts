/** A deep copy of a JSON value whose properties are all getters, as those of a message with lazy leaves may be. */
export function withGetters(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withGetters);
  if (typeof value !== "object" || value === null) return value;
  const copy = {};
  for (const [key, inner] of Object.entries(value)) {
    const leaf = withGetters(inner);
    Object.defineProperty(copy, key, { enumerable: true, get: () => leaf });
  }
  return copy;
}

/** A copy of an object with one value in it changed, `path` in dots. */
export function changed(value: object, path: string, to: unknown): object {
  const copy: object = structuredClone(value);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<object>((inner, key) => Reflect.get(inner, key), copy);
  if (to === undefined) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, to);
  return copy;
}
