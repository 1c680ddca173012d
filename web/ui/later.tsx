import { type ComponentType, type DOMAttributes, useEffect, useState } from 'react';
import { whenDrawn } from '../util/soon.ts';

interface Before {
  /** It was pressed before it had come, so it opens at once. */
  isOpen: boolean;
  /** Whoever goes by keyboard had reached it, and stays there. */
  hasFocus: boolean;
}
export type Later<Props> = Props & Before;

/** What a face hands to the element that is pressed. */
type Press = Pick<
  DOMAttributes<HTMLElement>,
  'onClick' | 'onPointerDown' | 'onPointerLeave' | 'onFocus' | 'onBlur'
>;

/**
 * Makes a part that opens when it is pressed and is not needed to draw a page (`whenDrawn`). `Face`
 * looks as the part does while it is closed, and stands in until it has come; a press on it
 * meanwhile is kept.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Later<Props>>>,
  Face: ComponentType<Props & { press: Press }>,
): ComponentType<Props> {
  const get = whenDrawn(load);
  let come: ComponentType<Later<Props>> | undefined;
  return (props) => {
    const [Part, setPart] = useState(() => come);
    const [isDown, setDown] = useState(false);
    const [before, setBefore] = useState<Before>({ isOpen: false, hasFocus: false });
    useEffect(() => {
      get().then(
        (part) => {
          come = part;
          setPart(() => part);
        },
        (error: unknown) =>
          setPart(() => {
            throw error;
          }),
      );
    }, []);
    // While a finger is down the face stays: half a press would be lost on what takes its place.
    if (Part && !isDown) return <Part {...props} {...before} />;
    const press: Press = {
      onPointerDown: () => setDown(true),
      onPointerLeave: () => setDown(false),
      onClick: () => {
        setDown(false);
        setBefore((was) => ({ ...was, isOpen: true }));
      },
      onFocus: () => setBefore((was) => ({ ...was, hasFocus: true })),
      onBlur: () => setBefore((was) => ({ ...was, hasFocus: false })),
    };
    return <Face {...props} press={press} />;
  };
}
