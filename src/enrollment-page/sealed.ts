import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Invited } from '../domain/enrollment/invitation.ts';
import { AUTHENTICATION_TYPES } from '../domain/enrollment/policy.ts';
import type { Instant } from '../domain/instant.ts';

const invited = z
  .object({
    name: z.string(),
    application: z.string(),
    organization: z.string(),
    stop: z.number(),
    timeZone: z.string(),
    locale: z.string().optional(),
  })
  .transform((read): Invited => ({ ...read, locale: read.locale }));

/** What became of a form, told over the redirect after it (POST, redirect, GET): a reload repeats nothing. */
const said = z.discriminatedUnion('is', [
  z.object({ is: z.literal('enrolled'), type: z.enum(AUTHENTICATION_TYPES), invited }),
  z.object({ is: z.literal('locked'), invited }),
  z.object({ is: z.enum(['wrong-serial', 'no-seat', 'empty', 'shape']), serial: z.string() }),
]);
export type Said = z.output<typeof said>;

const envelope = z.object({ until: z.number(), said });

/** How long the answer to a form can be read again. After it the page shows what the store says. */
const KEPT = 60 * 60 * 1_000;
const NONCE = 12;
const TAG = 16;

/**
 * What the page gives to the browser and takes back: the proof in each form, and what became of one. Both are made for one
 * link and good for no other. The keys come from the installation's own, so that an open form outlives a restart.
 */
export interface Seal {
  /** The form token: only who was shown the form of this link can have it. */
  proofFor(secret: string): string;
  isProof(text: string, secret: string): boolean;
  seal(said: Said, secret: string, now: Instant): string;
  /** Null for everything that `seal` didn't make for this link, or too long ago. */
  open(text: string, secret: string, now: Instant): Said | null;
}

export function createSeal(masterKey: Buffer): Seal {
  const keyFor = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, '', `usher enrollment page: ${purpose}`, 32));
  const formKey = keyFor('form');
  const answerKey = keyFor('answer');
  const proofOf = (secret: string): Buffer => createHmac('sha256', formKey).update(secret).digest();
  return {
    proofFor: (secret) => proofOf(secret).toString('base64url'),
    isProof(text, secret) {
      const given = Buffer.from(text, 'base64url');
      const wanted = proofOf(secret);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
    seal(what, secret, now) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', answerKey, nonce).setAAD(Buffer.from(secret));
      const box = Buffer.concat([cipher.update(JSON.stringify({ until: now + KEPT, said: what }), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), box]).toString('base64url');
    },
    open(text, secret, now) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length <= NONCE + TAG) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', answerKey, bytes.subarray(0, NONCE)).setAAD(Buffer.from(secret));
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
        const opened = envelope.parse(JSON.parse(plain.toString('utf8')));
        return now < opened.until ? opened.said : null;
      } catch {
        return null;
      }
    },
  };
}
