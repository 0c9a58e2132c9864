import type { VNode } from 'preact';
import type { PageElement } from '../blocks/shapes.ts';
import { BlockImage } from '../blocks/image.tsx';
import { FileInputElement } from './file-input.tsx';
import { ButtonElement, FeedbackElement, IconButtonElement } from './button.tsx';
import { DatepickerElement, DateTimepickerElement, TimepickerElement } from './moments.tsx';
import { CheckboxesElement, RadioButtonsElement } from './options.tsx';
import { OverflowElement } from './overflow.tsx';
import { SelectElement } from './select.tsx';
import { TextInputElement } from './text-input.tsx';

/** Any element, by its type. What the page can't play shows as that: a stand-in must not hide what Slack would show. */
export function Element({ element }: { readonly element: PageElement }): VNode {
  switch (element.type) {
    case 'button':
      return <ButtonElement element={element} />;
    case 'icon_button':
      return <IconButtonElement element={element} />;
    case 'feedback_buttons':
      return <FeedbackElement element={element} />;
    case 'overflow':
      return <OverflowElement element={element} />;
    case 'checkboxes':
      return <CheckboxesElement element={element} />;
    case 'radio_buttons':
      return <RadioButtonsElement element={element} />;
    case 'datepicker':
      return <DatepickerElement element={element} />;
    case 'timepicker':
      return <TimepickerElement element={element} />;
    case 'datetimepicker':
      return <DateTimepickerElement element={element} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInputElement element={element} />;
    case 'file_input':
      return <FileInputElement element={element} />;
    case 'image':
      return <BlockImage image={element} />;
    case 'static_select':
    case 'multi_static_select':
    case 'external_select':
    case 'multi_external_select':
    case 'users_select':
    case 'multi_users_select':
    case 'channels_select':
    case 'multi_channels_select':
    case 'conversations_select':
    case 'multi_conversations_select':
      return <SelectElement element={element} />;
    default:
      return <span class="unsupported">unsupported element: {element.type}</span>;
  }
}
