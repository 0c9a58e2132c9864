import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Popup } from './popup.tsx';

/** One line of a menu. `checked` marks the present one of several that exclude each other. */
interface MenuItem {
  readonly key: string;
  readonly drawn: ComponentChildren;
  readonly checked?: boolean;
  readonly onPick: () => void;
}

interface MenuButtonProps {
  readonly class: string;
  readonly name: string;
  readonly menuName: string;
  readonly describedBy?: string | undefined;
  readonly items: readonly MenuItem[];
  readonly children: ComponentChildren;
}

/** A button that opens a menu (WAI-ARIA menu button): arrows, Home, End, first letters; Escape and Tab close it. */
export function MenuButton({ class: look, name, menuName, describedBy, items, children }: MenuButtonProps): VNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={look}
        aria-label={name}
        aria-describedby={describedBy}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onMouseDown={(event) => open && event.preventDefault()}
        onClick={() => (open ? close() : setOpen(true))}
        onKeyDown={onKeyDown}
      >
        {children}
      </button>
      {open && (
        <Popup anchor={button}>
          <Menu id={id} name={menuName} items={items} owner={button} onClose={close} onLeave={() => setOpen(false)} />
        </Popup>
      )}
    </>
  );
}

interface MenuProps {
  readonly id: string;
  readonly name: string;
  readonly items: readonly MenuItem[];
  readonly owner: RefObject<HTMLElement | null>;
  /** Closed by a key: the focus goes back to the button. */
  readonly onClose: () => void;
  /** The focus went elsewhere by itself. */
  readonly onLeave: () => void;
}

function Menu({ id, name, items, owner, onClose, onLeave }: MenuProps): VNode {
  const ref = useRef<HTMLDivElement>(null);
  const lines = (): readonly HTMLElement[] => [...(ref.current?.querySelectorAll<HTMLElement>('button') ?? [])];
  useEffect(() => (ref.current?.querySelector<HTMLElement>('[aria-checked=true]') ?? lines()[0])?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (!moveTo(lines(), event.key)) return;
    event.stopPropagation();
    event.preventDefault();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || (!ref.current?.contains(to) && !owner.current?.contains(to))) onLeave();
  };
  return (
    <div ref={ref} id={id} role="menu" aria-label={name} class="listbox" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          {...(item.checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': item.checked })}
          tabIndex={-1}
          class="option"
          onClick={() => {
            onClose();
            item.onPick();
          }}
        >
          {item.drawn}
        </button>
      ))}
    </div>
  );
}

/** Moves the focus along the lines. False for a key that is none of theirs. */
function moveTo(lines: readonly HTMLElement[], key: string): boolean {
  const at = lines.findIndex((line) => line.matches(':focus'));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[key];
  if (to !== undefined) lines[(to + lines.length) % lines.length]?.focus();
  else if (key.length === 1 && key !== ' ')
    [...lines.slice(at + 1), ...lines.slice(0, at + 1)].find((line) => line.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()))?.focus();
  else return false;
  return true;
}
