import type { Language, LetterKind, LetterTemplate } from './letter.ts';

type Words = Pick<LetterTemplate, 'subject' | 'body'>;

/** The texts that count until an admin writes others (E3). */
export const BUILT_IN_LETTERS: Readonly<Record<Language, Readonly<Record<LetterKind, Words>>>> = {
  en: {
    invitation: {
      subject: 'Your {{application}} account: enroll by {{stop}}',
      body: `Hello {{name}},

{{organization}} has an account in {{application}} for you. To use it, open your personal link and accept:

{{link}}

The link works until the end of {{stop}}. It is yours alone: keep it to yourself.

Questions, or you didn’t expect this? Ask {{ask}}.`,
    },
    reminder: {
      subject: 'Still open: enroll in {{application}} by {{stop}}',
      body: `Hello {{name}},

your account in {{application}} still waits for you. Open your personal link and accept:

{{link}}

The link works until the end of {{stop}}. After that day you can’t enroll any more.

Questions? Ask {{ask}}.`,
    },
    extended: {
      subject: 'New date: enroll in {{application}} by {{stop}}',
      body: `Hello {{name}},

the date by which you can enroll in {{application}} has changed: it is now the end of {{stop}}. Open your personal link and accept:

{{link}}

Questions? Ask {{ask}}.`,
    },
    removed: {
      subject: 'You don’t need to enroll in {{application}} any more',
      body: `Hello {{name}},

{{organization}} has cancelled your enrollment in {{application}}. The links in our earlier mails don’t work any more; you need to do nothing.

You think this is a mistake? Ask {{ask}}.`,
    },
  },
  es: {
    invitation: {
      subject: 'Tu cuenta de {{application}}: actívala antes de que acabe el {{stop}}',
      body: `Hola, {{name}}:

{{organization}} tiene una cuenta de {{application}} para ti. Para usarla, abre tu enlace personal y acéptala:

{{link}}

El enlace funciona hasta el final del {{stop}}. Es solo tuyo: no lo compartas.

¿Tienes preguntas o no esperabas este mensaje? Pregunta a {{ask}}.`,
    },
    reminder: {
      subject: 'Pendiente: activa tu cuenta de {{application}} antes de que acabe el {{stop}}',
      body: `Hola, {{name}}:

tu cuenta de {{application}} te sigue esperando. Abre tu enlace personal y acéptala:

{{link}}

El enlace funciona hasta el final del {{stop}}. Después ya no podrás activarla.

¿Tienes preguntas? Pregunta a {{ask}}.`,
    },
    extended: {
      subject: 'Nueva fecha: activa tu cuenta de {{application}} antes de que acabe el {{stop}}',
      body: `Hola, {{name}}:

la fecha límite para activar tu cuenta de {{application}} ha cambiado: ahora es el final del {{stop}}. Abre tu enlace personal y acéptala:

{{link}}

¿Tienes preguntas? Pregunta a {{ask}}.`,
    },
    removed: {
      subject: 'Ya no tienes que activar tu cuenta de {{application}}',
      body: `Hola, {{name}}:

{{organization}} ha cancelado tu invitación a {{application}}. Los enlaces de nuestros mensajes anteriores ya no funcionan; no tienes que hacer nada.

¿Crees que es un error? Pregunta a {{ask}}.`,
    },
  },
};
