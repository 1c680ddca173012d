import { type ComponentType, Suspense, useState } from 'react';

interface Opened {
  /** It was pressed before it had come, so it opens at once. */
  isOpen: boolean;
}

/**
 * Makes a part that opens when it is pressed, of one that comes later (`soon`). `Face` looks as the
 * part does while it is closed, and stands in until it has come; a press on it meanwhile is kept.
 */
export function later<Props extends object>(
  Part: ComponentType<Props & Opened>,
  Face: ComponentType<Props & { open: () => void }>,
): ComponentType<Props> {
  return (props) => {
    const [isOpen, setOpen] = useState(false);
    return (
      <Suspense fallback={<Face {...props} open={() => setOpen(true)} />}>
        <Part {...props} isOpen={isOpen} />
      </Suspense>
    );
  };
}
