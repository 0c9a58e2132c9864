import type { Picture } from '../gallery.ts';
import { alertsGallery } from './alerts.ts';
import { assignmentsGallery } from './assignments.ts';
import { connectorsGallery } from './connectors.ts';
import { directoryGallery } from './directory.ts';
import { homeGallery } from './home.ts';
import { peopleGallery } from './people.ts';
import { refusalsGallery } from './refusals.ts';
import { reportsGallery } from './reports.ts';
import { syncGallery } from './sync.ts';

/** Every screen of Usher. */
export const pictures: readonly Picture[] = [
  ...alertsGallery,
  ...assignmentsGallery,
  ...connectorsGallery,
  ...syncGallery,
  ...directoryGallery,
  ...homeGallery,
  ...peopleGallery,
  ...refusalsGallery,
  ...reportsGallery,
];
