import type { Checkboxes, Option, PlainTextOption, RadioButtons } from '@slack/types';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { usePlacement, useValue } from './context.ts';
import { OptionText } from './option-text.tsx';

/** Checkboxes. The group is named by the label of its input block, or stands for itself in a section. */
export function CheckboxesElement({ element }: { readonly element: Checkboxes }): VNode {
  const { value, change } = useValue(element);
  const chosen = (value?.selected_options ?? []) as readonly Option[];
  const toggle = (option: Option, on: boolean): void => {
    const others = chosen.filter((one) => one.value !== option.value);
    // Slack keeps the offered order, whatever the order of the clicks.
    const next = element.options.filter((one) => (one.value === option.value ? on : others.some((other) => other.value === one.value)));
    void change({ type: element.type, selected_options: next });
  };
  return (
    <Group
      options={element.options}
      type="checkbox"
      isOn={(option) => chosen.some((one) => one.value === option.value)}
      focused={element.focus_on_load === true}
      onChange={toggle}
    />
  );
}

export function RadioButtonsElement({ element }: { readonly element: RadioButtons }): VNode {
  const { value, change } = useValue(element);
  return (
    <Group
      options={element.options}
      type="radio"
      isOn={(option) => value?.selected_option?.value === option.value}
      focused={element.focus_on_load === true}
      onChange={(option) => void change({ type: element.type, selected_option: option as PlainTextOption })}
    />
  );
}

interface GroupProps {
  readonly options: readonly Option[];
  readonly type: 'checkbox' | 'radio';
  readonly isOn: (option: Option) => boolean;
  readonly focused: boolean;
  readonly onChange: (option: Option, on: boolean) => void;
}

function Group({ options, type, isOn, focused, onChange }: GroupProps): VNode {
  const { labelledBy, describedBy, required, invalid } = usePlacement();
  const name = useId();
  const labels = { 'aria-labelledby': labelledBy ?? undefined, 'aria-describedby': describedBy ?? undefined };
  // Only a radiogroup may be required or invalid; a group of checkboxes says so by its description.
  const aria =
    type === 'radio' ? { role: 'radiogroup' as const, ...labels, 'aria-required': required || undefined, 'aria-invalid': invalid || undefined } : labels;
  return (
    <fieldset {...aria} class="options">
      {options.map((option, at) => (
        <label key={option.value ?? at} class="check">
          <input
            type={type}
            name={name}
            checked={isOn(option)}
            data-focus={(focused && at === 0) || undefined}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              // What is drawn is the value: until the change is confirmed, the box stays as it was.
              event.currentTarget.checked = isOn(option);
              onChange(option, on);
            }}
          />
          <OptionText option={option} />
        </label>
      ))}
    </fieldset>
  );
}
