import type { VNode } from 'preact';

/** Number of colours that `.avatar-0` and on define. */
const colours = 8;

/** A person's initials on a colour of their own; pictures would need a network. */
export function Avatar({ id, name, app = false }: { readonly id: string; readonly name: string; readonly app?: boolean }): VNode {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const colour = [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % colours;
  return (
    <span class={`avatar ${app ? 'avatar-app' : `avatar-${colour}`}`} aria-hidden="true">
      {initials}
    </span>
  );
}
