import type { Language } from '../../src/domain/enrollment/letter.ts';
import type { SlipModel, WriteSlip } from '../../src/domain/enrollment/slip.ts';
import { clip, oneLine } from '../clip.ts';

interface Words {
  readonly locale: string;
  readonly account: (application: string, organization: string) => string;
  readonly how: string;
  readonly token: string;
  readonly either: string;
  readonly until: (day: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    locale: 'en-GB',
    account: (application, organization) => `${organization} has an account in ${application} for you.`,
    how: 'Scan the code or type the address, and accept.',
    token: 'Have the token at hand that was given to you: you type its serial number.',
    either: 'If you were given a token, have it at hand: you can type its serial number.',
    until: (day) => `It works until the end of ${day}, once, and for you alone. Don’t pass it on.`,
  },
  es: {
    locale: 'es-ES',
    account: (application, organization) => `${organization} tiene una cuenta de ${application} para ti.`,
    how: 'Escanea el código o escribe la dirección y acepta.',
    token: 'Ten a mano el token que te entregaron: escribirás su número de serie.',
    either: 'Si te entregaron un token, tenlo a mano: podrás escribir su número de serie.',
    until: (day) => `Funciona hasta el final del ${day}, una sola vez y solo para ti. No lo compartas.`,
  },
};

/** What stands on a printed slip beside name and link (E13): for what, how, until when; in the person's language. */
export const slipWords: WriteSlip = (model) => {
  const words = WORDS[model.language];
  return {
    language: model.language,
    lines: [
      words.account(shown(model.application), shown(model.organization)),
      words.how,
      ...(model.types.includes('hardware-token') ? [model.types.includes('link') ? words.either : words.token] : []),
      words.until(lastDay(model, words.locale)),
    ],
  };
};

function shown(text: string): string {
  return clip(oneLine(text), 100);
}

function lastDay({ stop, timeZone }: SlipModel, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(stop - 1);
}
