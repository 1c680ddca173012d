import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  size?: 'md' | 'lg';
  /** Near the top rather than in the middle, where its height changes while one types. */
  isHigh?: boolean;
  /** Closed by its buttons alone, where something typed or shown once would be lost. */
  isKept?: boolean;
  children: ReactNode;
}

/** A window over the page. Its head is no landmark: the page has one banner already. */
export function Dialog({ isOpen, onClose, title, children, ...look }: DialogProps) {
  return (
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={look.size ?? 'md'}
      centered={!look.isHigh}
      closeOnClickOutside={!look.isKept}
      closeOnEscape={!look.isKept}
      {...(look.isHigh ? { yOffset: '10dvh', transitionProps: { duration: 0 } } : {})}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header role="presentation">
          <Modal.Title fw={600}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
