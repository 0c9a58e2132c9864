import type { Overflow, PlainTextOption } from '@slack/types';
import type { VNode } from 'preact';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { usePress } from './button.tsx';
import { usePlacement } from './context.ts';
import { MenuButton } from './menu.tsx';
import { OptionText } from './option-text.tsx';

/** The "…" menu of Block Kit. */
export function OverflowElement({ element }: { readonly element: Overflow }): VNode {
  const press = usePress();
  const { describedBy } = usePlacement();
  const pick = (option: PlainTextOption): void => {
    const href = option.url === undefined ? null : safeLink(option.url);
    void press(element, { selected_option: option }, () => {
      if (href !== null) window.open(href, '_blank', 'noopener,noreferrer');
    });
  };
  const items = element.options.map((option, at) => ({
    key: `${at}`,
    onPick: () => pick(option),
    drawn: <OptionText option={option} />,
  }));
  return (
    <MenuButton class="button button-more" name="More actions" menuName="More actions" describedBy={describedBy ?? undefined} items={items}>
      ⋯
    </MenuButton>
  );
}
