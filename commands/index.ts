import { answerAlerts } from './alerts/answer.ts';
import { listAlerts } from './alerts/list.ts';
import { subscribeAlerts } from './alerts/subscribe.ts';
import { decideApprovals } from './approvals/decide.ts';
import { delegateApprovals } from './approvals/delegate.ts';
import { approvalsInbox } from './approvals/inbox.ts';
import { approvalPolicies } from './approvals/policies.ts';
import { setApprovalPolicy } from './approvals/policy.ts';
import { showApproval } from './approvals/show.ts';
import { connectorHistoryCommand } from './assign/history.ts';
import { listAssignments } from './assign/list.ts';
import { newAssignment } from './assign/new.ts';
import { removeAssignment } from './assign/remove.ts';
import { listAudit } from './audit/list.ts';
import { verifyAuditCommand } from './audit/verify.ts';
import type { Command } from './command.ts';
import { connectorAttributes } from './connectors/attributes.ts';
import { configureConnector } from './connectors/configure.ts';
import { connectorDialect } from './connectors/dialect.ts';
import { listConnectors } from './connectors/list.ts';
import { partnerConnectors } from './connectors/partner.ts';
import { newConnector } from './connectors/new.ts';
import { rehearseConnector } from './connectors/rehearse.ts';
import { connectorSeats } from './connectors/seats.ts';
import { setConnector } from './connectors/set.ts';
import { showConnector } from './connectors/show.ts';
import { connectorStates } from './connectors/states.ts';
import { importCommand } from './directory/import.ts';
import { releaseImportCommand } from './directory/release.ts';
import { showDirectory } from './directory/show.ts';
import { editTask } from './enroll/edit.ts';
import { listTasks } from './enroll/list.ts';
import { provisionPeople } from './enroll/provision.ts';
import { resendCommands } from './enroll/resend.ts';
import { showTask } from './enroll/task.ts';
import { listEvents } from './events/list.ts';
import { enrollLetters } from './enroll/letters.ts';
import { enrollPolicy } from './enroll/policy.ts';
import { printCommand } from './enroll/print.ts';
import { enrollSettings } from './enroll/settings.ts';
import { stockCommands } from './enroll/stock.ts';
import { enrollWaiting } from './enroll/waiting.ts';
import type { Help } from './exchange/routes.ts';
import { explainWhy } from './explain/why.ts';
import { helpOf } from './home/help.ts';
import { freezeCommands } from './holds/freeze.ts';
import { releaseCommands } from './holds/release.ts';
import { holdCommands } from './holds/show.ts';
import { homeCommands, hub } from './home/hub.ts';
import { offboardCommands } from './halts/offboard.ts';
import { stopCommands } from './halts/stop.ts';
import { findPersonCommand } from './person/find.ts';
import { provisionPerson } from './person/provision.ts';
import { adoptionCommands } from './plans/adoption.ts';
import { planCommands } from './plans/plan.ts';
import { addProtected } from './protected/add.ts';
import { listProtected } from './protected/list.ts';
import { removeProtected } from './protected/remove.ts';
import { makeReport } from './report/make.ts';
import { giveRoles } from './roles/give.ts';
import { listRoles } from './roles/list.ts';
import { reassignOwned } from './roles/reassign.ts';
import { takeRoles } from './roles/take.ts';
import { deletionCommands } from './sync/deletions.ts';
import { historyCommands } from './sync/history.ts';
import { startCommands } from './sync/start.ts';
import { steerCommands } from './sync/steer.ts';
import { undoCommands } from './undo/undo.ts';
import { verifyCommands } from './verify/verify.ts';

export { drawHome as home } from './home/hub.ts';

/** Every command there is. What is not listed here does not exist. */
export const registry: readonly Command[] = [
  homeCommands,
  listConnectors,
  partnerConnectors,
  showConnector,
  newConnector,
  configureConnector,
  connectorAttributes,
  setConnector,
  connectorDialect,
  connectorSeats,
  rehearseConnector,
  connectorStates,
  startCommands,
  planCommands,
  adoptionCommands,
  steerCommands,
  historyCommands,
  deletionCommands,
  makeReport,
  findPersonCommand,
  provisionPerson,
  explainWhy,
  listEvents,
  verifyCommands,
  undoCommands,
  listProtected,
  addProtected,
  removeProtected,
  showDirectory,
  importCommand,
  releaseImportCommand,
  holdCommands,
  releaseCommands,
  freezeCommands,
  listTasks,
  showTask,
  editTask,
  resendCommands,
  provisionPeople,
  enrollSettings,
  enrollPolicy,
  enrollLetters,
  stockCommands,
  enrollWaiting,
  printCommand,
  newAssignment,
  listAssignments,
  removeAssignment,
  connectorHistoryCommand,
  listAlerts,
  subscribeAlerts,
  answerAlerts,
  listRoles,
  giveRoles,
  takeRoles,
  reassignOwned,
  approvalsInbox,
  showApproval,
  decideApprovals,
  approvalPolicies,
  setApprovalPolicy,
  delegateApprovals,
  stopCommands,
  offboardCommands,
  listAudit,
  verifyAuditCommand,
];

/** What answers when no topic and verb fit. */
export const help: Help = { hub, help: helpOf(() => registry.flatMap((command) => command.typed ?? [])) };
