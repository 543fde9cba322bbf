import type { PeerName } from "../../scenario.js";

/** How a peer is shown, the same on the whole page. */
interface PeerStyle {
  readonly title: string;
  /** Colours after Okabe and Ito, told apart with any kind of colour vision; lighter on a dark page. */
  readonly light: string;
  readonly dark: string;
}

/** All peers, in the order of the legend. */
export const PEER_STYLES: Readonly<Record<PeerName, PeerStyle>> = {
  offthread: { title: "claude-offthread", light: "#0072b2", dark: "#4ba3dc" },
  sdk: { title: "claude-agent-sdk, query()", light: "#d98200", dark: "#f0a830" },
  readline: { title: "readline and JSON.parse", light: "#00805e", dark: "#2fbf95" },
  drain: { title: "raw bytes, the floor", light: "#7d7d86", dark: "#a3a3ad" },
};
