import type { Role } from '#contract/permissions';

/** How to sign in to the demo as one of its people. The password is public: for trying out only. */
export interface DemoSignIn {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

const password = 'harbour-demo';

/** One person of each role; the owner belongs to both providers. */
export const demoSignIns: readonly DemoSignIn[] = [
  { email: 'owner@demo.bursar.example', name: 'Olivia Marsh', role: 'owner', password },
  { email: 'admin@demo.bursar.example', name: 'Andre Costa', role: 'admin', password },
  { email: 'finance@demo.bursar.example', name: 'Fiona Reid', role: 'finance', password },
  { email: 'staff@demo.bursar.example', name: 'Sefa Leota', role: 'staff', password },
];
