import type { Picture } from '../gallery.ts';
import { alertsGallery } from './alerts.ts';
import { auditGallery } from './audit.ts';
import { approvalsGallery } from './approvals.ts';
import { assignmentsGallery } from './assignments.ts';
import { connectorsGallery } from './connectors.ts';
import { directoryGallery } from './directory.ts';
import { enrollmentGallery } from './enrollment.ts';
import { enrollmentSettingsGallery } from './enrollment-settings.ts';
import { explainGallery } from './explain.ts';
import { holdsGallery } from './holds.ts';
import { haltsGallery } from './halts.ts';
import { homeGallery } from './home.ts';
import { peopleGallery } from './people.ts';
import { plansGallery } from './plans.ts';
import { protectedGallery } from './protected.ts';
import { refusalsGallery } from './refusals.ts';
import { reportsGallery } from './reports.ts';
import { rolesGallery } from './roles.ts';
import { syncGallery } from './sync.ts';
import { verifyGallery } from './verify.ts';

/** Every screen of Usher. */
export const pictures: readonly Picture[] = [
  ...alertsGallery,
  ...auditGallery,
  ...approvalsGallery,
  ...assignmentsGallery,
  ...connectorsGallery,
  ...syncGallery,
  ...directoryGallery,
  ...explainGallery,
  ...enrollmentGallery,
  ...enrollmentSettingsGallery,
  ...holdsGallery,
  ...homeGallery,
  ...haltsGallery,
  ...peopleGallery,
  ...plansGallery,
  ...protectedGallery,
  ...refusalsGallery,
  ...reportsGallery,
  ...rolesGallery,
  ...verifyGallery,
];
