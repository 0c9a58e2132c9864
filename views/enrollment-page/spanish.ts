import { html } from './html.ts';
import type { Words } from './words.ts';

const attempts = (left: number): string => (left === 1 ? 'te queda 1 intento' : `te quedan ${left} intentos`);

export const SPANISH: Words = {
  locale: 'es',
  name: 'Español',
  languages: 'Idioma',
  site: 'Inscripción',
  invitation: {
    title: (application) => html`Acepta tu invitación a ${application}`,
    greeting: (name, organization, application) => html`${name}: ${organization} tiene una cuenta para ti en ${application}. Será tuya en cuanto aceptes.`,
    facts: { person: 'Para', application: 'Cuenta en', until: 'Hasta' },
    until: (day) => `final del ${day}`,
    accept: 'Aceptar la invitación',
    acceptWithout: 'Aceptar sin dispositivo',
    withToken: 'Con tu dispositivo de seguridad',
    withoutToken: 'Sin dispositivo',
    or: 'o',
    aboutWithout: '¿Nadie te dio un dispositivo? Acepta sin él.',
    serial: 'Número de serie de tu dispositivo',
    serialHint: 'Está impreso en el dispositivo que te entregaron. Los espacios y guiones no importan.',
    acceptToken: 'Aceptar con este dispositivo',
    notYou: (name) => html`¿No eres ${name}? Cierra esta página y avisa a quien te envió el correo.`,
  },
  problem: {
    mark: 'Problema',
    heading: 'No se ha aceptado',
    empty: 'Escribe el número de serie de tu dispositivo.',
    shape: 'Es demasiado largo para un número de serie. Escribe solo el número impreso en el dispositivo; esto no ha contado como intento.',
    wrong: (left) => `Este número de serie no se puede usar. Compáralo con tu dispositivo; ${attempts(left)}.`,
    before: (left) => `Antes de que se bloquee tu invitación ${attempts(left)}.`,
  },
  noSeat: {
    title: 'Ahora no hay ninguna plaza libre',
    body: (application, organization, until) => html`
      <p>Todas las plazas de ${application} están ocupadas. Aún no tienes tu cuenta, pero no se ha perdido nada: tu enlace funciona hasta el ${until}.</p>
      <p><strong>Pregunta a tu administrador en ${organization}.</strong> Ve que estás esperando y puede añadir una plaza. La próxima plaza libre será para quien la pida primero: prueba más tarde.</p>`,
    again: 'Probar de nuevo',
  },
  enrolled: {
    title: 'Ya tienes tu cuenta',
    body: (application) => html`Tu cuenta en ${application} ya es tuya.`,
    bodyUnnamed: 'Tu cuenta ya es tuya.',
    steps: ['Ábrela e inicia sesión como te indicó tu organización.', '¿Todavía no te reconoce? Espera unos minutos.'],
    keepToken: 'Guarda tu dispositivo: lo necesitarás para iniciar sesión.',
    help: (organization) =>
      html`¿Algo no va bien? Pregunta a tu administrador${organization === null ? null : html` en ${organization}`}. Puedes cerrar esta página; el enlace de tu correo ya ha cumplido.`,
  },
  used: { title: 'Ya habías aceptado' },
  locked: {
    title: 'Tu invitación está bloqueada',
    body: (organization) => html`
      <p>Se escribieron demasiados números de serie incorrectos, así que este enlace ha dejado de funcionar. A tu cuenta no le ha pasado nada más.</p>
      <p><strong>Pide a tu administrador${organization === null ? null : html` en ${organization}`} que emita de nuevo tu invitación.</strong> Recibirás otro correo con un enlace nuevo. Ten el dispositivo a mano cuando preguntes.</p>`,
  },
  expired: {
    title: 'Tu invitación ha caducado',
    body: (until, organization) => html`
      <p>${until === null ? 'Su plazo ha terminado.' : html`Se podía aceptar hasta el ${until}.`}</p>
      <p><strong>Pide más tiempo a tu administrador${organization === null ? null : html` en ${organization}`}.</strong> En cuanto la amplíe, este enlace volverá a funcionar.</p>`,
  },
  removed: {
    title: 'Tu invitación se ha retirado',
    body: (organization) => html`
      <p>Un administrador la retiró, así que este enlace ya no funciona.</p>
      <p>¿Crees que es un error? <strong>Pregunta a tu administrador${organization === null ? null : html` en ${organization}`}.</strong></p>`,
  },
  unknown: {
    title: 'Este enlace no funciona',
    body: html`
      <p>Puede que ya se haya usado, que un correo más nuevo lo haya sustituido o que se haya cortado una parte.</p>
      <ul>
        <li>¿Ya aceptaste? Entonces está todo hecho: inicia sesión en la aplicación.</li>
        <li>¿Tienes varios correos? Abre el enlace del más nuevo.</li>
        <li>¿Has copiado el enlace? Cópialo entero, hasta la última letra.</li>
      </ul>
      <p>¿Nada de esto? <strong>Pide a tu administrador que te envíe otra vez el correo.</strong></p>`,
  },
  root: {
    title: 'Aquí se aceptan las invitaciones',
    body: html`<p>¿Te han invitado a una aplicación? Abre el enlace del correo que recibiste: es personal.</p><p>¿No tienes ningún correo? Pide a tu administrador que te lo envíe otra vez.</p>`,
  },
  notFound: {
    title: 'Esta página no existe',
    body: html`<p>¿Has seguido el enlace de un correo? Ábrelo allí otra vez o cópialo entero, hasta la última letra.</p>`,
  },
  notAllowed: { title: 'Eso no se puede hacer aquí', body: html`<p>No se ha cambiado nada. Abre otra vez el enlace de tu correo.</p>` },
  unreadable: { title: 'No se ha podido leer', body: html`<p>No se ha cambiado nada. Abre otra vez el enlace de tu correo y usa el botón de la página.</p>` },
  tooLarge: {
    title: 'Era demasiado largo',
    body: html`<p>No se ha cambiado nada. Abre otra vez el enlace de tu correo y escribe solo el número de serie de tu dispositivo.</p>`,
  },
  forbidden: {
    title: 'Esto no venía de la propia página',
    body: html`<p>Por eso no se ha cambiado nada. Abre otra vez el enlace de tu correo y usa el botón de la página.</p>`,
  },
  tooMany: (seconds) => ({
    title: 'Demasiadas peticiones',
    body: html`<p>Tu red ha pedido demasiadas páginas a la vez. No se ha cambiado nada y tu enlace sigue funcionando: ábrelo otra vez dentro de ${seconds === 1 ? '1 segundo' : `${seconds} segundos`}.</p>`,
  }),
  apology: (reference) => ({
    title: 'Algo ha fallado por nuestra parte',
    body: html`
      <p>No se puede decir si se ha cambiado algo. Abre otra vez el enlace de tu correo: verás cómo está.</p>
      <p>¿Sigue pasando? Dile a tu administrador la referencia <code>${reference}</code>.</p>`,
  }),
  openAgain: 'Abrir otra vez mi invitación',
};
