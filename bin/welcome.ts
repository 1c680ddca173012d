import type { DemoSignIn } from '../seeds/demo-sign-ins.ts';

/** What `npm start` says when all is up. */
export function welcome(
  publicUrl: string,
  emulatorUrl: string | undefined,
  demo: readonly DemoSignIn[],
  held: string | null,
): string {
  const sections = [[`Bursar is ready at ${publicUrl}`], signInSection(demo)];
  if (held !== null) sections.push([`  ${held}`]);
  if (emulatorUrl !== undefined) {
    sections.push([
      '  No Xero app is configured, so an emulator stands in for Xero.',
      `  Its bookkeeper’s desk: ${emulatorUrl}/desk`,
    ]);
  }
  sections.push(['  Ctrl-C stops everything.']);
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function signInSection(demo: readonly DemoSignIn[]): string[] {
  if (demo.length === 0) {
    return [
      '  New providers and people are made by the command line:',
      '    npm run bursar -- provider create --help',
      '    npm run bursar -- person create --help',
    ];
  }
  const width = Math.max(...demo.map(({ email }) => email.length));
  return [
    '  Sign in to the demo as',
    ...demo.map(
      ({ email, password, role }) => `    ${email.padEnd(width)}  ${password}  (${role})`,
    ),
  ];
}
