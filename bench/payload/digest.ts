import { createHash } from "node:crypto";

/** Tells whether two streams of frames are the same. */
export interface StreamDigest {
  readonly frames: number;
  /** With line feeds. */
  readonly bytes: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the frames' uuids in order, hexadecimal. */
  readonly identity: string;
}

/** Digests frames as they are written, or as they have arrived. */
export class FrameDigest {
  readonly #hash = createHash("sha256");
  readonly #identity = new IdentityDigest();
  #frames = 0;
  #bytes = 0;

  /**
   * Adds a message. `JSON.stringify` gives back the very line it was parsed from, as the CLI's own lines are made
   * by it.
   */
  add(message: unknown): void {
    this.addLine(Buffer.from(`${JSON.stringify(message)}\n`), message);
  }

  /** Adds a message whose line is at hand. */
  addLine(line: Uint8Array, message: unknown): void {
    this.#hash.update(line);
    this.#identity.add(uuidOf(message));
    this.#bytes += line.length;
    this.#frames += 1;
  }

  /** What was added; to be called once. */
  end(): StreamDigest {
    return {
      frames: this.#frames,
      bytes: this.#bytes,
      hash: this.#hash.digest("hex"),
      identity: this.#identity.end(),
    };
  }
}

/** Digests uuids alone: what can be done at no cost that counts while the clock runs. */
export class IdentityDigest {
  readonly #hash = createHash("sha256");

  add(uuid: string): void {
    this.#hash.update(uuid);
  }

  /** To be called once. */
  end(): string {
    return this.#hash.digest("hex");
  }
}

/** The frame's uuid, an empty text if it has none. */
export function uuidOf(message: unknown): string {
  if (typeof message !== "object" || message === null || !("uuid" in message)) return "";
  return typeof message.uuid === "string" ? message.uuid : "";
}
