// Loaded into every child: when the supervisor ends without a word (its channel closes), the child
// is told to stop as by a signal, and made to after a while.
const STOP_WITHIN_MS = 10_000;

process.channel?.unref();
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
