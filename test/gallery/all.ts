import type { Picture } from '../gallery.ts';
import { connectorsGallery } from './connectors.ts';
import { syncGallery } from './sync.ts';

/** Every screen of Usher. */
export const pictures: readonly Picture[] = [...connectorsGallery, ...syncGallery];
