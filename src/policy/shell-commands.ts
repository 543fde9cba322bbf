import type { ShellWord } from "./shell-word.js";

function namesIn(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/**
 * Commands that run what their arguments, their input or a file names. A rule with a wildcard would allow anything by
 * them, so only a rule that is the whole command does.
 */
const RUNNERS = namesIn(`
  sh bash dash ash ksh mksh zsh fish csh tcsh rbash busybox toybox eval exec source . trap alias hash
  enable bind complete compgen fc mapfile readarray coproc emulate zmodload autoload sched zle zpty
  noglob nocorrect - repeat functions zcompile vared print command builtin env nohup nice timeout time
  stdbuf setsid ionice flock watch xargs parallel rush entr fd fdfind sudo doas su runuser pkexec sg
  newgrp chroot unshare nsenter setpriv capsh bwrap firejail fakeroot proot faketime strace ltrace gdb
  lldb valgrind perf rr script expect unbuffer rlwrap setarch linux32 linux64 taskset chrt numactl
  prlimit cgexec systemd-run start-stop-daemon daemonize at batch crontab ssh rsh mosh
  dbus-run-session dbus-launch xvfb-run torsocks torify proxychains proxychains4 tsocks run-parts
  ld.so ld-linux.so.2 caffeinate ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-musl-x86_64.so.1
  gtimeout gnice gnohup genv
`);

/** Commands that change what the words after them mean: variables, options, the working directory. */
const STATEFUL = namesIn(`
  cd chdir pushd popd declare typeset local export readonly unset set shopt setopt unsetopt read
  getopts let unalias unhash disable rehash integer float zstyle zparseopts zformat compopt logout
  history private nameref
`);

/** Runners of which nothing can be known from their words, not even what they might run. */
const UNKNOWABLE = namesIn(`
  source . alias hash enable bind complete compgen fc mapfile readarray trap emulate zmodload autoload
  sched zle zpty functions busybox toybox
`);

const EVALUATING = namesIn("[ test printf wait kill exit return ulimit umask");

const FIND_ACTIONS = /^-(?:exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls)$/;

/** Variables that change how a program talks, and not what it runs or reads. */
const HARMLESS_VARIABLES = namesIn(
  "CI COLUMNS FORCE_COLOR LANG LC_ALL LINES NO_COLOR NODE_ENV PYTHONUNBUFFERED RUST_BACKTRACE TZ",
);

/** True for an assignment before a command that does not matter to what it does. */
export function isHarmlessAssignment(name: string, value: string): boolean {
  return HARMLESS_VARIABLES.has(name) && /^[\w.,:+-]*$/.test(value);
}

/** The name of a command without its folder, or undefined when it cannot be known. */
export function commandName(words: readonly ShellWord[]): string | undefined {
  const first = words[0];
  if (first?.kind !== "fixed") return undefined;
  return first.text.slice(first.text.lastIndexOf("/") + 1);
}

/** True for a command that only a rule without wildcards may allow. */
export function needsExactRule(words: readonly ShellWord[]): boolean {
  const name = commandName(words);
  if (name === undefined || RUNNERS.has(name) || STATEFUL.has(name)) return true;
  const texts = textsOf(words);
  if (name === "find") return texts.some((text) => FIND_ACTIONS.test(text));
  return evaluates(name, texts) || (EVALUATING.has(name) && texts.some((text) => /^-[a-z]*[vp]/.test(text)));
}

/** Some of what is part of the shell reads "a[$(x)]" as arithmetic, and runs x; -v and -p set a variable. */
function evaluates(name: string, texts: readonly string[]): boolean {
  return (EVALUATING.has(name) || STATEFUL.has(name)) && texts.some((text) => /[$`]/.test(text));
}

/** True for a command of the names that rules may name only together with all their arguments. */
export function isRunnerOrStateful(name: string): boolean {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return RUNNERS.has(base) || STATEFUL.has(base);
}

/** The words after the name; nothing for one that is not known. */
function textsOf(words: readonly ShellWord[]): string[] {
  return words.slice(1).map((word) => (word.kind === "fixed" ? word.text : ""));
}

/** True for a command that runs something else. */
export function isRunner(words: readonly ShellWord[]): boolean {
  const name = commandName(words);
  if (name === undefined) return false;
  if (RUNNERS.has(name) || evaluates(name, textsOf(words))) return true;
  return name === "find" && words.some((word) => word.kind === "fixed" && FIND_ACTIONS.test(word.text));
}

/** True for a command that may run anything at all, for what can be told. */
export function isUnknowable(words: readonly ShellWord[]): boolean {
  const name = commandName(words);
  return name === undefined || UNKNOWABLE.has(name) || evaluates(name, textsOf(words));
}

const DURATION = /^\d+(?:\.\d+)?[smhd]?$/;

/** Options that a wrapper may have before the command that it runs; each may take the next word as its value. */
const WRAPPERS: Readonly<
  Record<string, { readonly options: RegExp; readonly valued?: RegExp; readonly operand?: RegExp }>
> = {
  command: { options: /^--$/ },
  builtin: { options: /^--$/ },
  nohup: { options: /^--$/ },
  nice: { options: /^(?:--|-n-?\d+|-\d+|--adjustment=-?\d+)$/, valued: /^-n$/ },
  timeout: {
    options: /^(?:--preserve-status|--foreground|-v|--verbose|--signal=\w+|--kill-after=[\d.]+[smhd]?)$/,
    valued: /^-[sk]$/,
    operand: DURATION,
  },
  stdbuf: { options: /^-[ioe](?:L|\d+)$/ },
  time: { options: /^-p$/ },
  env: { options: /^--$/ },
};

/**
 * What a wrapper runs: the words after its own options. Undefined when it is none, when an option is not known, and
 * when it sets a variable that matters.
 */
export function wrappedCommand(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const name = words[0]?.kind === "fixed" ? words[0].text : "";
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (wrapper === undefined) return undefined;
  let at = 1;
  const textAt = (index: number): string | undefined => {
    const word = words[index];
    return word?.kind === "fixed" ? word.text : undefined;
  };
  for (let text = textAt(at); text !== undefined; text = textAt(at)) {
    if (wrapper.valued?.test(text) === true) {
      if (!/^-?[\w.]+$/.test(textAt(at + 1) ?? "")) return undefined;
      at += 2;
    } else if (wrapper.options.test(text)) at += 1;
    else break;
  }
  if (name === "env") {
    for (let text = textAt(at); text?.includes("=") === true; text = textAt(at)) {
      const equals = text.indexOf("=");
      if (!isHarmlessAssignment(text.slice(0, equals), text.slice(equals + 1))) return undefined;
      at += 1;
    }
  }
  if (wrapper.operand !== undefined) {
    if (!wrapper.operand.test(textAt(at) ?? "")) return undefined;
    at += 1;
  }
  const inner = textAt(at);
  return inner === undefined || inner.startsWith("-") ? undefined : words.slice(at);
}
