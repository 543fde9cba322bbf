/**
 * The buffer of `view`'s bytes alone, fit to be transferred: the view's own where it fills its buffer, a copy
 * otherwise (a slice of a read chunk must not take the whole chunk, or Node's shared pool, away with it).
 */
export function ownBuffer(view: Buffer): ArrayBuffer {
  const { buffer, byteLength } = view;
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  const copy = new ArrayBuffer(byteLength);
  new Uint8Array(copy).set(view);
  return copy;
}
