import { useState } from 'react';
import { useMay } from '../../api/may.ts';
import type { GivenOf } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { PickContact } from '../matching/PickContact.tsx';

type Relinking = GivenOf<'relinkLearner'>['body'];

interface RelinkProps {
  permission: 'learners.sync' | 'workplaces.sync';
  name: string;
  link: { connectionId: string; xeroOrgId: Relinking['xeroOrgId']; contactId: string };
  isPending: boolean;
  /** Whether somebody came here to do so. */
  isAskedFor: boolean;
  relink: (body: Relinking, onDone: () => void) => void;
}

/** Links somebody to another contact in Xero than now; Undo goes back to the former one. */
export function Relink({ permission, name, link, isPending, isAskedFor, relink }: RelinkProps) {
  const may = useMay(permission);
  const [isOpen, setIsPicking] = useState<boolean | null>(null);
  const isPicking = isOpen ?? (isAskedFor && may.allowed);
  const { xeroOrgId, contactId: former } = link;
  const back = () => relink({ xeroOrgId, contactId: former }, () => undefined);
  return (
    <>
      <GuardedButton
        variant="default"
        reason={may.reason}
        loading={isPending}
        onClick={() => setIsPicking(true)}
      >
        Link to another contact
      </GuardedButton>
      {isPicking && (
        <PickContact
          connectionId={link.connectionId}
          learnerName={name}
          onClose={() => setIsPicking(false)}
          onPick={(contact, replaceCode) => {
            setIsPicking(false);
            relink({ xeroOrgId, contactId: contact.contactId, replaceCode }, () =>
              toastDone(`${name} is linked to ${contact.name}. Their papers come with it.`, back),
            );
          }}
        />
      )}
    </>
  );
}
