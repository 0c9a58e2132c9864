import type { Language } from '../../src/domain/enrollment/letter.ts';

/** What stands around a template, in each language. */
export interface FrameWords {
  /** BCP 47, for dates. */
  readonly locale: string;
  readonly button: string;
  readonly copy: string;
  readonly nobody: (organization: string) => string;
  readonly automatic: string;
  readonly testSubject: string;
  readonly test: (name: string, address: string) => string;
}

export const FRAME: Readonly<Record<Language, FrameWords>> = {
  en: {
    locale: 'en-GB',
    button: 'Enroll',
    copy: 'If the button doesn’t work, copy this address into your browser:',
    nobody: (organization) => `an administrator at ${organization}`,
    automatic: 'This mail was sent automatically.',
    testSubject: '[Test]',
    test: (name, address) => `Test mode: this mail was for ${name} (${address}) and went to nobody but you. Its link works.`,
  },
  es: {
    locale: 'es-ES',
    button: 'Activar la cuenta',
    copy: 'Si el botón no funciona, copia esta dirección en tu navegador:',
    nobody: (organization) => `la administración de ${organization}`,
    automatic: 'Este mensaje se envió automáticamente.',
    testSubject: '[Prueba]',
    test: (name, address) => `Modo de prueba: este mensaje era para ${name} (${address}) y solo lo has recibido tú. Su enlace funciona.`,
  },
};
