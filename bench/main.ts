/** `npm run bench`: the suite's command. */

process.stderr.write("The bench suite is being built.\n");
process.exitCode = 1;
