import { reportCase } from "../../../bench/report/case-report.js";
import type { CaseReport, Report, Round } from "../../../bench/report/report.js";
import type { Case, PeerName, Variant } from "../../../bench/scenario.js";

/** Text that would do harm where it is not escaped. */
export const HOSTILE = `</script><script>alert("1")</script><img src=x onerror='alert(2)'> & ]]> <!-- \${3}`;

/** Variants of the sample case, by what becomes of them. */
const VARIANTS: readonly {
  readonly name: string;
  readonly peer: PeerName;
  readonly rounds: readonly Round[];
}[] = [
  {
    name: "offthread, untouched",
    peer: "offthread",
    rounds: [round(1.01, 300), round(1.03, 310), round(1.07, 320)],
  },
  {
    name: "offthread, touched",
    peer: "offthread",
    rounds: [round(2.13, 150), round(2.17, 151), round(2.19, 152)],
  },
  { name: "sdk", peer: "sdk", rounds: [round(41.3, 7.1), round(43.7, 7.3), round(47.9, 7.7)] },
  { name: "readline", peer: "readline", rounds: [round(5.3, 60), { failure: `exit code 1\n${HOSTILE}` }] },
];

const UNABLE: Variant = { name: "drain", peer: "drain", work: { unable: `it reads no messages ${HOSTILE}` } };

/** One round: its metrics, and a number that no metric names. */
function round(mainUs: number, speed: number): Round {
  return { measurement: { mainUs, speed, frames: 12_345 } };
}

const DEFINITION: Case = {
  name: "300 KB text",
  metrics: [
    { key: "mainUs", title: "main thread", unit: "µs", better: "lower" },
    { key: "speed", title: "throughput", unit: "MB/s", better: "higher" },
  ],
  variants: [
    ...VARIANTS.map(({ name, peer }) => ({ name, peer, work: { workload: "none", input: null } })),
    UNABLE,
  ],
  goals: [goal("sdk", 20), goal("sdk", 100), goal("sdk", 42), goal("readline", 2)],
};

function goal(against: string, factor: number) {
  return {
    metric: "mainUs",
    variant: "offthread, untouched",
    against,
    relation: "times better",
    factor,
  } as const;
}

/** A case with figures, a failed variant, one that is unable, and a goal of each verdict. */
export function sampleCase(change: Partial<Case> = {}): CaseReport {
  const rounds = new Map(VARIANTS.map(({ name, rounds }) => [name, rounds]));
  return reportCase({ ...DEFINITION, ...change }, rounds.set(UNABLE.name, []));
}

/** A run with two scenarios, hostile names in every place that a scenario or a machine can name. */
export function sampleReport(change: Partial<Report> = {}): Report {
  return {
    format: 1,
    startedAt: "2026-03-14T09:26:53.589Z",
    durationMs: 412_345,
    machine: {
      processor: `Processor ${HOSTILE}`,
      cores: 8,
      memoryBytes: 16 * 2 ** 30,
      loadAverage: [0.25, 0.5, 0.75],
      os: "Linux 6.1 x64",
      node: "v20.20.2",
      versions: { offthread: "0.1.0", sdk: "0.3.330", cli: `unknown (${HOSTILE})` },
    },
    settings: { quick: false },
    interrupted: false,
    scenarios: [
      { name: "main-thread", title: "Main-thread cost", question: "What?", rounds: 3, cases: [sampleCase()] },
      {
        name: "hostile",
        title: `Title ${HOSTILE}`,
        question: `Question ${HOSTILE}`,
        rounds: 1,
        cases: [sampleCase({ name: `Case ${HOSTILE}`, goals: [] }), hostileCase()],
      },
    ],
    ...change,
  };
}

function hostileCase(): CaseReport {
  const { variants, ...rest } = sampleCase();
  return {
    ...rest,
    variants: variants.map((variant) => ({ ...variant, name: `${variant.name} ${HOSTILE}` })),
    warnings: [HOSTILE],
  };
}
