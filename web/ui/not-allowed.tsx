import { IconLock } from '@tabler/icons-react';
import { Empty } from './empty.tsx';

/** In place of what the reader's role does not show: why, and who here may see it. */
export function NotAllowed({ title, reason }: { title: string; reason: string | null }) {
  return <Empty icon={IconLock} title={title} text={reason ?? ''} />;
}
