import { Button } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import { useState } from 'react';
import type { CatalogueApp } from '#contract/connections';
import { roleNames } from '#contract/permissions';
import { useMe } from '../../api/session.ts';
import { OpenSupportRequest } from '../../forms/open-support-request.tsx';

/** One click to ask for what stands in the way; who asks, for what and why is filled in. */
export function SupportOffer({ app, cause }: { app: CatalogueApp; cause: string }) {
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const wish = {
    app: app.key,
    subject: `Please open ${app.name} for ${me.provider.name}`.slice(0, 150),
    text: [
      `We can’t connect ${app.name}. Bursar says: ${cause}.`,
      '',
      `Asked by ${me.name} (${roleNames[me.role]}) of ${me.provider.name}.`,
    ].join('\n'),
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLifebuoy size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Ask for {app.name}
      </Button>
      <OpenSupportRequest isOpen={isOpen} close={() => setOpen(false)} wish={wish} />
    </>
  );
}
